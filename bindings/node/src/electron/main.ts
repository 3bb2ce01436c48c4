// Session replay for the main process of an Electron app: receives what the windows' preload scripts record.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { App, Event, IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from "electron";
import { writeLine as tell } from "../model/log.js";
import * as sessionReplay from "../index.js";
import type { SessionReplayOptions } from "../options/options.js";
import { invalid } from "../model/errors.js";
import { Calls } from "./calls.js";
import {
  CHANNELS,
  LIMITS,
  RECORDING_OPTIONS,
  recordingOptions,
  type Answer,
  type PageGivenOptions,
  type Reply,
  type SessionState,
  type State,
} from "./messages.js";
import { PageRefusal, errorForPage, privacyForPage, rewriteForPage, sessionForPage, valueForPage } from "./page-view.js";
import { Quitting } from "./quitting.js";
import { senderOf } from "./senders.js";
import { Windows, type Client } from "./windows.js";

export interface AttachOptions {
  /** Electron's own, as imported in the main process. */
  ipcMain: IpcMain;
  app: App;
  /** Begins recording at once. Without it the first `init` does: the main process's or a page's. */
  apiKey?: string;
  /** Options of `init`. They stand before what pages give; a page can give neither addresses nor files. */
  options?: SessionReplayOptions;
  /**
   * Whose pages are listened to: origins (`https://app.example.com`) and schemes (`app:`). Without it `file:`, schemes
   * of the app's own, and servers on this machine: nothing from the web.
   */
  allowedOrigins?: readonly string[];
  /**
   * Milliseconds that quitting may wait for what is not delivered yet, 10,000 at most. What is left waits on disk.
   * Default: 3000.
   */
  quitTimeoutMs?: number;
}

export interface Attached {
  /** Undoes {@link attach}; recording by the main process itself goes on. */
  detach(): void;
}

/** The preload script's file, for `webPreferences.preload` and `session.registerPreloadScript`. */
export const preloadPath: string = join(__dirname, "preload.js");

const QUIT_MS = 3_000;
/** macOS cancels the log-out when an app has not ended after 45 seconds; the app's own windows need some of them. */
const MAX_QUIT_MS = 10_000;
/** How often it is looked whether holding a quit is of any use still. */
const QUIT_LOOK_MS = 50;
/** How often it is looked whether the session is still captured, and what is to be masked. */
const LOOK_MS = 1_000;
/** How long a window whose events were refused is left alone. */
const COOL_DOWN_MS = 5_000;

let attached: Attachment | undefined;

/** Connects the windows' preload scripts with the recorder. Once for the process, as early as can be. */
export function attach(options: AttachOptions): Attached {
  if (attached) throw invalid("attach() was called already: one process has one recorder");
  attached = new Attachment(options);
  return attached;
}

class Attachment implements Attached {
  readonly #windows = new Windows((client) => this.#tell(client));
  readonly #calls: Calls;
  readonly #timer: NodeJS.Timeout;
  readonly #rewrite: readonly [string, string];
  /** What `init` was given, so that it is given the same again, whoever calls it. */
  #apiKey: string | undefined;
  #options: SessionReplayOptions | undefined;
  #told = "";
  readonly #quitting: Quitting;
  readonly #refused = new Set<string>();

  constructor(private readonly given: AttachOptions) {
    const { app, ipcMain, apiKey } = given;
    const root = pathToFileURL(app.getAppPath()).href;
    this.#rewrite = [root, `app://${encodeURIComponent(app.getName())}`];
    this.#quitting = new Quitting(app, {
      isWaiting: () => quitTime(given.quitTimeoutMs) > 0 && sessionReplay.stats().waiting.events > 0,
      finish: () => this.#finish(),
      end: () => void sessionReplay.shutdown(0).catch(() => {}),
    });
    this.#calls = new Calls(
      (key, options) => this.#begin(key, options),
      () => given.options?.optOut !== true,
    );
    ipcMain.on(CHANNELS.hello, this.#onHello);
    ipcMain.handle(CHANNELS.events, this.#onEvents);
    ipcMain.handle(CHANNELS.call, this.#onCall);
    app.on("browser-window-focus", this.#onFocus);
    app.on("before-quit", this.#onBeforeQuit);
    app.on("will-quit", this.#quitting.onWillQuit);
    app.on("quit", this.#quitting.onQuit);
    sessionReplay.on("session", this.#look);
    sessionReplay.on("needs-full-snapshot", this.#onNeedsFullSnapshot);
    this.#timer = setInterval(this.#look, LOOK_MS).unref();
    this.#look();
    // Its failure is in the log.
    if (apiKey !== undefined) this.#begin(apiKey, {}).catch(() => {});
  }

  detach(): void {
    const { app, ipcMain } = this.given;
    ipcMain.removeListener(CHANNELS.hello, this.#onHello);
    ipcMain.removeHandler(CHANNELS.events);
    ipcMain.removeHandler(CHANNELS.call);
    app.removeListener("browser-window-focus", this.#onFocus);
    app.removeListener("before-quit", this.#onBeforeQuit);
    app.removeListener("will-quit", this.#quitting.onWillQuit);
    app.removeListener("quit", this.#quitting.onQuit);
    sessionReplay.off("session", this.#look);
    sessionReplay.off("needs-full-snapshot", this.#onNeedsFullSnapshot);
    clearInterval(this.#timer);
    this.#windows.isOn = false;
    if (attached === this) attached = undefined;
  }

  /** `init`, by the main process's options first, then by those of the first page that asks. */
  async #begin(apiKey: string, given: PageGivenOptions): Promise<void> {
    const { app, options = {} } = this.given;
    const ownKey = this.given.apiKey ?? this.#apiKey;
    if (ownKey !== undefined && apiKey !== ownKey) throw new PageRefusal("another API key is in use: the whole app has one");
    const { deviceId, sessionId, ...wishes } = given;
    const ids = { ...(deviceId === undefined ? {} : { deviceId }), ...(sessionId === undefined ? {} : { sessionId }) };
    if (sessionReplay.stats().state !== "not-initialized" && !this.#options) {
      // The main process has called init itself: its options stand, and a page only tells the ids.
      if (deviceId) await sessionReplay.setDeviceId(deviceId).promise;
      if (sessionId) await sessionReplay.setSessionId(sessionId).promise;
      return;
    }
    this.#apiKey = apiKey;
    this.#options ??= {
      ...wishes,
      storageDir: join(app.getPath("userData"), "session-replay"),
      clientUrl: `app://${encodeURIComponent(app.getName())}`,
      ...forInit(options),
    };
    try {
      await sessionReplay.init(apiKey, { ...this.#options, ...ids }).promise;
    } finally {
      // A page's options that were refused must not stand in the way of the next.
      if (sessionReplay.stats().state === "not-initialized") this.#apiKey = this.#options = undefined;
      this.#look();
    }
  }

  readonly #onHello = (event: IpcMainEvent, document: unknown): void => {
    const client = this.#clientOf(event);
    if (!client || !client.calls.take(1) || !isDocument(document)) return;
    this.#windows.arrived(client, document);
  };

  readonly #onEvents = (event: IpcMainInvokeEvent, document: unknown, grant: unknown, lines: unknown): Answer => {
    const client = this.#clientOf(event);
    if (!client || !isDocument(document) || typeof grant !== "number" || typeof lines !== "string") return "lost";
    if (!this.#windows.admits(client, document, grant)) return "lost";
    if (lines.length > LIMITS.lines || !client.events.take(lines.length)) return this.#lose(client, grant);
    try {
      sessionReplay.recordLines(lines);
      return "taken";
    } catch {
      // What was not kept leaves a gap: a full buffer, a failing disk. The library's log tells of it.
      return this.#lose(client, grant);
    }
  };

  readonly #onCall = async (event: IpcMainInvokeEvent, name: unknown, json: unknown): Promise<Reply> => {
    const client = this.#clientOf(event);
    try {
      if (!client) throw new PageRefusal("this page is not listened to; see allowedOrigins");
      if (!client.calls.take(1)) throw new PageRefusal("this page calls too often");
      const value = valueForPage(await this.#calls.answer(name, json));
      return { ok: true, value, state: this.#session() };
    } catch (error) {
      return { ...errorForPage(name, error), state: client ? this.#session() : NO_SESSION };
    } finally {
      this.#look();
    }
  };

  readonly #onFocus = (_event: Event, { webContents }: { webContents: WebContents }): void =>
    this.#windows.focus(webContents.id);

  readonly #onNeedsFullSnapshot = (): void => {
    this.#look();
    const client = this.#windows.recording;
    if (client && client.grant > 0) send(client.contents, CHANNELS.snapshot, client.grant);
  };

  /** Delivery begins while the windows still close. */
  readonly #onBeforeQuit = (event: Event): void => {
    if (sessionReplay.stats().state !== "not-initialized") sessionReplay.flush(0).catch(() => {});
    this.#quitting.onBeforeQuit(event);
  };

  /**
   * Waits until all is delivered. Where the disk keeps what waits it is no use to wait for a server that can't be reached,
   * nor for what is recorded meanwhile.
   */
  async #finish(): Promise<void> {
    const failure = () => JSON.stringify(sessionReplay.stats().lastError);
    const isSafe = () => {
      const { kind, problem } = sessionReplay.stats().storage;
      return kind === "disk" && problem === null;
    };
    const before = failure();
    let timer: NodeJS.Timeout | undefined;
    const isOfNoUse = new Promise<void>((resolve) => {
      timer = setInterval(() => isSafe() && failure() !== before && resolve(), QUIT_LOOK_MS);
    });
    const deadline = performance.now() + quitTime(this.given.quitTimeoutMs);
    const deliver = async () => {
      for (let left = 1; left > 0; left = deadline - performance.now()) {
        await sessionReplay.flush(Math.max(1, deadline - performance.now())).catch(() => {});
        if (isSafe() || sessionReplay.stats().waiting.events === 0) return;
      }
    };
    await Promise.race([deliver(), isOfNoUse]);
    clearInterval(timer);
  }

  /** Tells the windows when something has changed: the session, its capture, what is to be masked. */
  readonly #look = (): void => {
    // With the built-in session timeout the first event begins a session: somebody has to record it.
    this.#windows.isOn = ["capturing", "waiting-for-event"].includes(sessionReplay.stats().state);
    const { stats, ...news } = this.#session();
    const told = JSON.stringify([news, stats?.state, sessionReplay.getPrivacyConfig()]);
    if (told === this.#told) return;
    this.#told = told;
    for (const client of this.#windows.all) this.#tell(client);
  };

  #lose(client: Client, grant: number): Answer {
    // One timer for what was refused under one grant.
    if (client.grant === grant) setTimeout(() => this.#windows.again(client), COOL_DOWN_MS).unref();
    this.#windows.pause(client);
    return "lost";
  }

  #clientOf(event: IpcMainEvent | IpcMainInvokeEvent): Client | undefined {
    const { contents, problem } = senderOf(event, this.given.allowedOrigins);
    if (contents && problem === undefined) return this.#windows.client(contents);
    // A window that shows a foreign page now records no more.
    if (contents) this.#windows.left(contents.id);
    if (problem !== undefined) this.#complain(problem);
    return undefined;
  }

  /** Once for each reason, and not without end. */
  #complain(problem: string): void {
    if (this.#refused.has(problem) || this.#refused.size >= 20) return;
    this.#refused.add(problem);
    tell(this.given.options?.loggerProvider, { level: "warn", message: `a page is not listened to: ${problem}` });
  }

  #tell(client: Client): void {
    if (client.document === "") return;
    const { document, grant } = client;
    const state: State = {
      document,
      grant,
      privacyConfig: privacyForPage(sessionReplay.getPrivacyConfig()),
      pageOptions: recordingOptions(this.given.options),
      rewrite: rewriteForPage(this.#rewrite, urlOf(client.contents)),
      ...this.#session(),
    };
    send(client.contents, CHANNELS.state, state);
  }

  /** As far as a page may know it. */
  #session(): SessionState {
    return sessionForPage({
      sessionId: sessionReplay.getSessionId() ?? null,
      replayId: sessionReplay.getSessionReplayId() ?? null,
      properties: sessionReplay.getSessionReplayProperties(),
      stats: sessionReplay.stats(),
    });
  }
}

const NO_SESSION: SessionState = { sessionId: null, replayId: null, properties: {}, stats: null };

const isDocument = (given: unknown): given is string =>
  typeof given === "string" && given !== "" && given.length <= LIMITS.documentId;

/** The options without those that the recorder in a page heeds, which the pages are told. */
function forInit(options: SessionReplayOptions): SessionReplayOptions {
  const rest: Record<string, unknown> = { ...options };
  for (const key of RECORDING_OPTIONS) delete rest[key];
  return rest;
}

const quitTime = (given: unknown): number =>
  typeof given === "number" && given >= 0 ? Math.min(given, MAX_QUIT_MS) : QUIT_MS;

/** The address of a window's page. */
function urlOf(contents: WebContents): string | undefined {
  try {
    return contents.mainFrame.url;
  } catch {
    // Its frame is gone.
    return undefined;
  }
}

/** A window may close at any moment. */
function send(contents: WebContents, channel: string, message: unknown): void {
  try {
    if (!contents.isDestroyed()) contents.send(channel, message);
  } catch {
    // It has.
  }
}
