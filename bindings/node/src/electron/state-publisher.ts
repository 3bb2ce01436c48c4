// Sends the windows their state: the lease of their document, the session, and what must be masked.
import type { WebContents } from "electron";
import * as sessionReplay from "../index.js";
import type { ReplayId, SessionId } from "../model/ids.js";
import type { AttachOptions } from "./attach-options.js";
import type { Client } from "./clients.js";
import { CHANNELS, recordingOptions, type AddressRewrite, type SessionState, type State } from "./messages.js";
import { configForPage, rewriteForPage, sessionForPage } from "./page-view.js";

export class StatePublisher {
  /** What was published last. */
  #published = "";

  /** `rewrite`: the app's folder, and what stands for it. */
  constructor(
    private readonly attachOptions: AttachOptions,
    private readonly rewrite: AddressRewrite,
    private readonly clients: () => Client[],
  ) {}

  /** Sends the state to all windows if something has changed: the session, its capture, what must be masked. */
  publishChanges(): void {
    const { stats, ...session } = sessionState();
    const current = JSON.stringify([session, stats?.state, sessionReplay.getPageConfig()]);
    if (current === this.#published) return;
    this.#published = current;
    for (const client of this.clients()) this.send(client);
  }

  /** Sends a window its state. */
  send(client: Client): void {
    const { document, lease, contents } = client;
    if (document === undefined) return;
    const state: State = {
      document,
      lease,
      pageConfig: configForPage(sessionReplay.getPageConfig()),
      pageOptions: recordingOptions(this.attachOptions.options),
      rewrite: rewriteForPage(this.rewrite, urlOf(contents)),
      ...sessionState(),
    };
    send(contents, CHANNELS.state, state);
  }
}

/** The session, as far as a page may know it. */
export function sessionState(): SessionState {
  return sessionForPage({
    sessionId: (sessionReplay.getSessionId() as SessionId | undefined) ?? null,
    replayId: (sessionReplay.getSessionReplayId() as ReplayId | undefined) ?? null,
    properties: sessionReplay.getSessionReplayProperties(),
    stats: sessionReplay.stats(),
  });
}

/** Sends a message to a window, which may close at any moment. */
export function send(contents: WebContents, channel: string, message: unknown): void {
  try {
    if (!contents.isDestroyed()) contents.send(channel, message);
  } catch {
    // It has closed.
  }
}

/** The address of a window's page. */
function urlOf(contents: WebContents): string | undefined {
  try {
    return contents.mainFrame.url;
  } catch {
    // Its frame is gone.
    return undefined;
  }
}
