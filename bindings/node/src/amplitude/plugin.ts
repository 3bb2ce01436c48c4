// The plugin for `amplitude.add`, in place of @amplitude/plugin-session-replay-browser: the analytics own the session, and
// their events get what links them to the replay.
import type { Followed } from "../model/analytics.js";
import type { SessionReplayOptions } from "../options/options.js";
import type { SessionReplayApi } from "../segment/api.js";
import { Decision } from "../segment/decision.js";
import { REPLAY_ID, readDeviceId, readSessionId } from "../segment/event.js";

/** An event of Amplitude's SDKs, as far as it is used. */
export interface AmplitudeEvent {
  event_type: string;
  event_properties?: any;
  user_properties?: any;
  session_id?: number | undefined;
  device_id?: string | undefined;
}

/** The configuration of @amplitude/analytics-browser or of @amplitude/analytics-node, as far as it is used. */
export interface AmplitudeConfig {
  apiKey: string;
  deviceId?: string | undefined;
  sessionId?: number | undefined;
  optOut?: boolean | undefined;
  logLevel?: number | undefined;
  flushMaxRetries?: number | undefined;
  serverZone?: string | undefined;
  loggerProvider?: PluginLogger | undefined;
  remoteConfig?: { serverUrl?: string | undefined } | undefined;
  defaultTracking?: any;
}

interface PluginLogger {
  error(...message: unknown[]): void;
  warn(...message: unknown[]): void;
  log(...message: unknown[]): void;
  debug(...message: unknown[]): void;
}

/** The options of session replay, and what only the plugin heeds. */
export interface SessionReplayPluginOptions extends SessionReplayOptions {
  /** Have @amplitude/analytics-browser send its session events. */
  forceSessionTracking?: boolean | undefined;
  /** Names the session of an event: for sessions of your own definition. */
  customSessionId?: ((event: any) => string | undefined) | undefined;
}

/** What the plugin needs beside the calls of the integrations. */
export interface PluginApi extends SessionReplayApi {
  shutdown(): Promise<unknown> | void;
  setOptOut(optOut: boolean): void;
  start(): { promise: Promise<void> };
  stop(): void;
}

const IDENTIFY = "$identify";

export class SessionReplayPlugin {
  readonly name = "session-replay-native";
  readonly type = "enrichment" as const;
  readonly #api: PluginApi;
  readonly #options: SessionReplayPluginOptions;
  readonly #version: string;
  #config: AmplitudeConfig | undefined;
  /** The last change of the session: events of the new one wait for it, too. */
  #changing: Promise<void> | undefined;
  /** The device that session replay was told last. */
  #device: string | undefined;
  /** Whether the analytics know their session and device: those of the browser do, those of Node.js don't. */
  #isBrowser = false;

  readonly #decision: Decision;

  constructor(api: PluginApi, options: SessionReplayPluginOptions, version: string) {
    this.#api = api;
    this.#decision = new Decision(api);
    this.#options = options;
    this.#version = version;
  }

  /** Starts session replay. Called by the analytics when they start. */
  async setup(config: any, _client?: unknown): Promise<void> {
    this.#config = config as AmplitudeConfig;
    this.#decision.begins();
    this.#isBrowser = config.deviceId !== undefined || config.sessionId !== undefined;
    if (this.#options.forceSessionTracking) config.defaultTracking = withSessions(config.defaultTracking);
    await this.#attempt("failed to start", () => this.#init(config).promise);
  }

  /** Tags an event of the current device and session; one that comes late, from an earlier one, stays as it is. */
  async execute<Event extends AmplitudeEvent>(event: Event): Promise<Event> {
    await this.#attempt("failed to enrich an event", async () => {
      let own = await this.#follow(event);
      if (this.#decision.isOpen()) {
        await this.#decision.isMade();
        own = await this.#follow(event);
      }
      if (Object.keys(own).length > 0) event.event_properties = { ...event.event_properties, ...own };
      // Targeting may need what it tells of the user; it is no event that leads to a replay.
      if (event.event_type === IDENTIFY && event.event_properties) delete event.event_properties[REPLAY_ID];
    });
    return event;
  }

  async onSessionIdChanged(sessionId: number): Promise<void> {
    await this.#attempt("failed to change the session", () => this.#setSession(sessionId));
  }

  async onOptOutChanged(optOut: boolean): Promise<void> {
    await this.#attempt("failed to heed the user's wish", async () => this.#api.setOptOut(optOut));
  }

  async teardown(): Promise<void> {
    await this.#attempt("failed to end", async () => void (await this.#api.shutdown()));
    this.#config = undefined;
  }

  getSessionReplayProperties(): { [key: string]: any } {
    return this.#api.getSessionReplayProperties();
  }

  /** Resumes recording after {@link stop}. */
  async start(): Promise<void> {
    await this.#api.start().promise;
  }

  /** Stops recording without removing the plugin. */
  stop(): void {
    this.#api.stop();
  }

  /** Makes the event's session and device current, where they have to be. What leads to its own replay, if that is. */
  async #follow(event: AmplitudeEvent): Promise<Followed["properties"]> {
    const custom = this.#options.customSessionId?.(event);
    if (this.#options.customSessionId) {
      if (custom) await this.#setSession(custom);
      return custom ? this.#propertiesOf(event, custom) : {};
    }
    if (this.#isBrowser) {
      // The configuration is the source of truth: events may come late.
      const session = this.#config?.sessionId;
      await this.#followDevice(this.#config?.deviceId);
      if (session) await this.#setSession(session);
      return session && session === event.session_id ? this.#propertiesOf(event, session) : {};
    }
    const told = readSessionId(event.session_id);
    const session = Number.isNaN(told) ? undefined : told;
    const deviceId = this.#options.deviceId ?? readDeviceId(event.device_id) ?? undefined;
    const answer = await this.#api.followAnalytics({ deviceId, sessionId: session }).promise;
    const isCurrent = session === undefined || String(session) === String(answer.sessionId);
    return isCurrent ? answer.properties : {};
  }

  /** What is current, if that is the replay of this session and of the event's device. */
  #propertiesOf(event: AmplitudeEvent, session: number | string): Followed["properties"] {
    const properties = this.#api.getSessionReplayProperties() as Followed["properties"];
    const current = properties[REPLAY_ID] ?? "";
    const device = this.#options.deviceId ? undefined : event.device_id;
    const isOwn = device ? current === `${device}/${session}` : current.endsWith(`/${session}`);
    return isOwn ? properties : {};
  }

  /** The analytics' device may change at any time: `reset()`, `setDeviceId()`. */
  async #followDevice(deviceId: string | undefined): Promise<void> {
    if (!deviceId || this.#options.deviceId || deviceId === this.#device) return;
    this.#device = deviceId;
    await this.#api.setDeviceId(deviceId)?.promise;
  }

  async #setSession(sessionId: number | string): Promise<void> {
    if (sessionId !== this.#api.getSessionId()) this.#changing = this.#api.setSessionId(sessionId).promise;
    await this.#changing;
  }

  #init(config: AmplitudeConfig): { promise: Promise<void> } {
    const { forceSessionTracking: _force, customSessionId, ...options } = this.#options;
    this.#device = config.deviceId;
    return this.#api.init(config.apiKey, {
      optOut: config.optOut,
      loggerProvider: config.loggerProvider,
      logLevel: config.logLevel as SessionReplayOptions["logLevel"],
      flushMaxRetries: config.flushMaxRetries,
      serverZone: config.serverZone as SessionReplayOptions["serverZone"],
      configServerUrl: config.remoteConfig?.serverUrl,
      version: { type: "plugin", version: this.#version },
      ...options,
      deviceId: options.deviceId ?? config.deviceId,
      sessionId: customSessionId ? undefined : (config.sessionId ?? options.sessionId),
    });
  }

  /** Nothing that goes wrong here may cost the host an event of its analytics. */
  async #attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      try {
        this.#config?.loggerProvider?.error(`Session Replay: ${what}: ${error instanceof Error ? error.message : error}`);
      } catch {
        // A logger that fails costs no event either.
      }
    }
  }
}

/** The setting of @amplitude/analytics-browser, with its session events switched on. */
function withSessions(tracking: unknown): unknown {
  if (tracking === true) return true;
  if (tracking === false) return { pageViews: false, formInteractions: false, fileDownloads: false, sessions: true };
  return { ...(tracking as object | undefined), sessions: true };
}
