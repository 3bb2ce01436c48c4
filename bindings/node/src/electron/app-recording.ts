// Starts recording for the whole app: with the main process's options first, then with those of the first page that asks.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as sessionReplay from "../index.js";
import { SessionReplayError, messageOf } from "../model/errors.js";
import type { SessionReplayOptions } from "../options/options.js";
import { logForApp } from "./attach-log.js";
import type { AttachOptions } from "./attach-options.js";
import { RECORDING_OPTIONS, type AddressRewrite, type PageGivenOptions } from "./messages.js";
import { handlersOver } from "./net-handlers.js";
import { PageRefusal } from "./page-view.js";

/** The app's address in what is recorded and sent, in place of where its files lie. */
export const appUrl = ({ app }: AttachOptions): string => `app://${encodeURIComponent(app.getName())}`;

/** The folder of the app's files, and what stands for it. */
export const appRewrite = (options: AttachOptions): AddressRewrite => [pathToFileURL(options.app.getAppPath()).href, appUrl(options)];

export class AppRecording {
  /** What `init` was given, so that it is given the same again, whoever calls it. */
  #apiKey: string | undefined;
  #options: SessionReplayOptions | undefined;
  #isWarnedOfNet = false;

  constructor(private readonly attachOptions: AttachOptions) {}

  /** `init`. Throws a {@link PageRefusal} for another key than the app's, and where nothing is recorded after it. */
  async start(apiKey: string, given: PageGivenOptions): Promise<void> {
    const ownKey = this.attachOptions.apiKey ?? this.#apiKey;
    if (ownKey !== undefined && apiKey !== ownKey) throw new PageRefusal("another API key is in use: the whole app has one");
    const { deviceId, sessionId, userProperties, ...others } = given;
    const own = { deviceId, sessionId, userProperties };
    const ids = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as PageGivenOptions;
    if (sessionReplay.stats().state !== "not-initialized" && !this.#options) {
      // The main process has called init itself: its options stand, and a page only sets the ids and tells of the user.
      if (this.attachOptions.net) this.#warnOfNet();
      if (deviceId) await sessionReplay.setDeviceId(deviceId).promise;
      if (sessionId) await sessionReplay.setSessionId(sessionId).promise;
      if (userProperties) sessionReplay.evaluateTargeting({ userProperties });
      return;
    }
    this.#apiKey = apiKey;
    let options: SessionReplayOptions;
    try {
      this.#options ??= this.#optionsWith(others);
      options = { ...this.#options, ...ids };
    } catch (error) {
      options = unreadable(error);
    }
    await sessionReplay.init(apiKey, options).promise;
    const { state, advice } = sessionReplay.stats();
    if (state !== "not-initialized") return;
    // A page's options that were refused must not stand in the way of the next page's.
    this.#apiKey = this.#options = undefined;
    throw new SessionReplayError("not-initialized", advice ?? "nothing is being recorded");
  }

  #warnOfNet(): void {
    if (this.#isWarnedOfNet) return;
    this.#isWarnedOfNet = true;
    const message = 'attach: "net" is not used, as the main process has called init itself: give handleSendEvents and handleFetchConfig there';
    logForApp({ level: "warn", message });
  }

  #optionsWith(pageGiven: PageGivenOptions): SessionReplayOptions {
    const { app, net, options = {} } = this.attachOptions;
    return {
      ...pageGiven,
      ...(net && handlersOver(net, app)),
      storageDir: join(app.getPath("userData"), "session-replay"),
      clientUrl: appUrl(this.attachOptions),
      ...withoutRecordingOptions(options),
    };
  }
}

/** Options that `init` refuses with what the app said, so that the log and the advice have it. */
function unreadable(error: unknown): SessionReplayOptions {
  return {
    get storageDir(): string {
      throw new Error(`the app does not say where its data lies: ${messageOf(error)}`);
    },
  };
}

/** The options of the recorder in a page are sent to the pages, and mean nothing to `init`. */
function withoutRecordingOptions(options: SessionReplayOptions): SessionReplayOptions {
  const rest: Record<string, unknown> = { ...options };
  for (const key of RECORDING_OPTIONS) delete rest[key];
  return rest;
}
