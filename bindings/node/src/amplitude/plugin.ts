// The plugin for `amplitude.add`, in place of @amplitude/plugin-session-replay-browser: Amplitude's SDK owns the session, and
// its events get the properties that lead to the replay.
import { parseDeviceId, parseSessionId } from "../integration/analytics-ids.js";
import { currentProperties, isOfCurrentReplay, type SessionReplayApi } from "../integration/api.js";
import { CaptureDecision } from "../integration/capture-decision.js";
import type { Followed } from "../model/analytics.js";
import { messageOf } from "../model/errors.js";
import { userPropertiesOf } from "../model/identity-store.js";
import { REPLAY_ID_PROPERTY } from "../model/shared/ids.js";
import type { SessionReplayOptions } from "../options/options.js";

/** The parts used here of an event of Amplitude's SDKs. */
export interface AmplitudeEvent {
  event_type: string;
  event_properties?: any;
  user_properties?: any;
  session_id?: number | undefined;
  device_id?: string | undefined;
}

/** The parts used here of the configuration of @amplitude/analytics-browser or @amplitude/analytics-node. */
export interface AmplitudeConfig {
  apiKey: string;
  deviceId?: string | undefined;
  sessionId?: number | undefined;
  optOut?: boolean | undefined;
  instanceName?: string | undefined;
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

/** The options of session replay, and those of the plugin. */
export interface SessionReplayPluginOptions extends SessionReplayOptions {
  /** Switches on the session events of @amplitude/analytics-browser. */
  forceSessionTracking?: boolean | undefined;
  /** Returns the session of an event, for sessions of your own definition. */
  customSessionId?: ((event: any) => string | undefined) | undefined;
}

/** The calls that the plugin makes, beside those of all integrations. */
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
  /** The device that was set last in session replay. */
  #lastDevice: string | undefined;
  /** Whether Amplitude's SDK has a session and a device of its own: the browser's has, that of Node.js has not. */
  #isBrowser = false;

  readonly #decision: CaptureDecision;

  constructor(api: PluginApi, options: SessionReplayPluginOptions, version: string) {
    this.#api = api;
    this.#decision = new CaptureDecision(api);
    this.#options = options;
    this.#version = version;
  }

  /** Starts session replay. Amplitude's SDK calls it when it starts. */
  async setup(config: any, _client?: unknown): Promise<void> {
    this.#config = config as AmplitudeConfig;
    this.#decision.start();
    this.#isBrowser = config.deviceId !== undefined || config.sessionId !== undefined;
    if (this.#options.forceSessionTracking) config.defaultTracking = withSessions(config.defaultTracking);
    await this.#attempt("failed to start", () => this.#init(config).promise);
  }

  /** Tags an event of the current device and session; one that comes late, from an earlier one, stays as it is. */
  async execute<Event extends AmplitudeEvent>(event: Event): Promise<Event> {
    await this.#attempt("failed to enrich an event", async () => {
      let own = await this.#follow(event);
      if (this.#decision.isPending()) {
        await this.#decision.settled();
        own = await this.#follow(event);
      }
      if (Object.keys(own).length > 0) event.event_properties = { ...event.event_properties, ...own };
      // Targeting may need its user properties; it is no event that leads to a replay.
      if (event.event_type === IDENTIFY && event.event_properties) delete event.event_properties[REPLAY_ID_PROPERTY];
    });
    return event;
  }

  async onSessionIdChanged(sessionId: number): Promise<void> {
    await this.#attempt("failed to change the session", () => this.#setSession(sessionId));
  }

  async onOptOutChanged(optOut: boolean): Promise<void> {
    await this.#attempt("failed to opt in or out", async () => this.#api.setOptOut(optOut));
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

  /** Makes the event's session and device current, where needed. Returns the properties of its own replay, if captured. */
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
      if (!session || session !== event.session_id) return {};
      await this.#evaluate(event);
      return this.#propertiesOf(event, session);
    }
    const session = parseSessionId(event.session_id) ?? undefined;
    const deviceId = this.#options.deviceId ?? parseDeviceId(event.device_id) ?? undefined;
    const told = { deviceId, sessionId: session };
    const follow = () => this.#api.followAnalytics(told).promise;
    let answer = await follow();
    // The very event that a rule matches leads to the replay.
    const mayDecide = isOfCurrentReplay(this.#api, told) && (await this.#evaluate(event));
    if (mayDecide && !(REPLAY_ID_PROPERTY in answer.properties)) answer = await follow();
    const isCurrent = session === undefined || String(session) === String(answer.sessionId);
    return isCurrent ? answer.properties : {};
  }

  /** Whether the session is captured may depend on this event; not before the rules are known. */
  async #evaluate(event: AmplitudeEvent): Promise<boolean> {
    if (this.#decision.isPending()) return false;
    // An identify event tells of the user: the library reads its operations.
    await this.#api.evaluateTargetingAndCapture?.({ event });
    return true;
  }

  /** The properties of the current replay, if that is of this session and of the event's device. */
  #propertiesOf(event: AmplitudeEvent, session: number | string): Followed["properties"] {
    const properties = currentProperties(this.#api);
    const current = properties[REPLAY_ID_PROPERTY] ?? "";
    const device = this.#options.deviceId ? undefined : event.device_id;
    const isOwn = device ? current === `${device}/${session}` : current.endsWith(`/${session}`);
    return isOwn ? properties : {};
  }

  /** The device of Amplitude's SDK may change at any time: `reset()`, `setDeviceId()`. */
  async #followDevice(deviceId: string | undefined): Promise<void> {
    if (!deviceId || this.#options.deviceId || deviceId === this.#lastDevice) return;
    this.#lastDevice = deviceId;
    await this.#api.setDeviceId(deviceId)?.promise;
  }

  async #setSession(sessionId: number | string): Promise<void> {
    if (sessionId !== this.#api.getSessionId()) this.#changing = this.#api.setSessionId(sessionId).promise;
    await this.#changing;
  }

  #init(config: AmplitudeConfig): { promise: Promise<void> } {
    const { forceSessionTracking: _force, customSessionId, ...options } = this.#options;
    this.#lastDevice = config.deviceId;
    return this.#api.init(config.apiKey, {
      // Its identity store may know of an opt-out that the configuration does not.
      instanceName: config.instanceName,
      optOut: config.optOut,
      loggerProvider: config.loggerProvider,
      logLevel: config.logLevel as SessionReplayOptions["logLevel"],
      flushMaxRetries: config.flushMaxRetries,
      serverZone: config.serverZone as SessionReplayOptions["serverZone"],
      configServerUrl: config.remoteConfig?.serverUrl,
      version: { type: "plugin", version: this.#version },
      userProperties: userPropertiesOf(config.instanceName),
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
        this.#config?.loggerProvider?.error(`Session Replay: ${what}: ${messageOf(error)}`);
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
