// The session and the device that the analytics are in, followed from event to event.
import { isLater, type ToldByAnalytics } from "../identity.js";
import { warn, type SessionReplayApi, type WarnLogger } from "./api.js";
import { addProperties, addSessionId, anonymousIdOf, isSwitchedOff, readSessionId, toldSessionId, type SegmentEvent } from "./event.js";
import { oneByOne } from "./in-order.js";

/** How Amplitude is connected in Segment, told apart by who owns the session id: docs/segment.md. */
export type SegmentMode = "actions" | "classic-device" | "classic-cloud";

/** The mode, and what it needs. */
export interface IntegrationOptions {
  /** "actions" unless given. */
  mode?: SegmentMode | undefined;
  /** With "classic-device": the session id of the Amplitude library beside Segment. Asked at each event. */
  getSessionId?: (() => unknown) | undefined;
  /** The device id that the host gave session replay: then Segment's anonymous id is not taken for it. */
  deviceId?: string | undefined;
  /** Hears of what was ignored; `console` unless given. */
  loggerProvider?: WarnLogger | undefined;
}

const MODES: readonly SegmentMode[] = ["actions", "classic-device", "classic-cloud"];

/** What a device id may be; the library refuses others. */
const DEVICE_ID = /^[\w.|@:=-]{1,512}$/;

/** Sessions end after a second of silence at least: events that follow each other faster need not be told of. */
const QUIET_MS = 500;

/**
 * How long an event waits for a session that it began. In Node.js that takes no time, in a renderer one message, which a
 * main process that is busy, as at the start of an app, answers late: without the answer the event names no replay.
 */
const ANSWER_MS = 1_000;

/** The device id in a replay id. */
const deviceIn = (replayId: string | undefined): string | undefined => replayId?.slice(0, replayId.lastIndexOf("/"));

export class Follower {
  readonly mode: SegmentMode;
  readonly #api: SessionReplayApi;
  readonly #options: IntegrationOptions;
  readonly #warned = new Set<string>();
  /** The device and the replay that was current when it had been told: telling it again changes nothing. */
  #toldDevice = "";
  /** Told, and not answered yet: an event that waited long enough for that is not to hold up the next ones. */
  #isTelling = false;
  /** When the last event was told of. */
  #toldAt = -Infinity;
  /** The last change: other events may have to wait for the answer, too. */
  #changing: Promise<void> | undefined;

  constructor(api: SessionReplayApi, options: IntegrationOptions) {
    this.mode = options.mode ?? "actions";
    if (!MODES.includes(this.mode)) {
      throw new TypeError(`mode must be one of ${MODES.join(", ")}, but is ${String(this.mode)}`);
    }
    if (this.mode === "classic-device" && typeof options.getSessionId !== "function") {
      throw new TypeError('mode "classic-device" needs getSessionId: () => amplitude.getInstance().getSessionId()');
    }
    this.#api = api;
    this.#options = options;
  }

  /** Follows the event, and gives it what it has to carry. Takes its turn among the events of all analytics. */
  process(event: SegmentEvent): Promise<void> {
    return oneByOne.run(undefined, async () => {
      await this.follow(event);
      this.complete(event);
    });
  }

  /** Follows the session and the device that this event tells of. Settles when they have changed, or soon after. */
  async follow(event: SegmentEvent): Promise<void> {
    const change = this.#attempt(() => this.#change(event));
    if (change !== undefined) this.#changing = this.#settled(change);
    await this.#changing;
  }

  /** Whatever the answer is, and however late it comes, events go on. */
  async #settled(change: Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise((resolve) => (timer = setTimeout(resolve, ANSWER_MS)));
    const answered = change.catch((error: unknown) => this.#warn("the session can't be changed", error));
    await Promise.race([answered, enough]);
    clearTimeout(timer);
  }

  /** Whether Amplitude (Actions) may still write the session id into the event. */
  isAwaiting(event: SegmentEvent): boolean {
    const isAwaiting = () => readSessionId(toldSessionId(event)) === undefined && !isSwitchedOff(event);
    return this.mode === "actions" && this.#attempt(isAwaiting) === true;
  }

  /** Gives the event what it has to carry. */
  complete(event: SegmentEvent): void {
    this.#attempt(() => {
      const session = this.mode === "classic-cloud" ? readSessionId(this.#api.getSessionId()) : undefined;
      if (session !== undefined && !Number.isNaN(session)) addSessionId(event, session);
      addProperties(event, this.#api.getSessionReplayProperties());
    });
  }

  #change(event: SegmentEvent): Promise<void> | undefined {
    const sessionId = this.#laterSession(event);
    const deviceId = this.#usableAnonymousId(event);
    const isDue = !this.#isTelling && (this.#isNews(deviceId) || this.#mayBegin());
    if (sessionId === undefined && !isDue) return undefined;
    this.#toldAt = performance.now();
    return this.#tell({ deviceId, sessionId });
  }

  /** What the event tells is followed, or is not, by the one who knows whether the host gave a device. */
  async #tell(told: ToldByAnalytics): Promise<void> {
    this.#isTelling = true;
    try {
      await this.#api.followAnalytics(told).promise;
    } finally {
      this.#isTelling = false;
    }
    const isRunning = (this.#api.stats()?.state ?? "not-initialized") !== "not-initialized";
    this.#toldDevice = isRunning ? this.#inReplay(told.deviceId) : "";
  }

  #isNews(deviceId: string | undefined): boolean {
    const current = this.#api.getSessionReplayId();
    return deviceId !== undefined && deviceId !== deviceIn(current) && this.#inReplay(deviceId) !== this.#toldDevice;
  }

  readonly #inReplay = (deviceId: string | null | undefined) => `${deviceId} ${this.#api.getSessionReplayId()}`;

  /** Where session replay owns the session, an event may begin one. */
  #mayBegin(): boolean {
    return this.mode === "classic-cloud" && performance.now() - this.#toldAt >= QUIET_MS;
  }

  #laterSession(event: SegmentEvent): number | undefined {
    const told = this.#told(event);
    const session = readSessionId(told);
    if (session === undefined) return undefined;
    if (Number.isNaN(session)) {
      this.#warn("a session id is ignored, since it is not milliseconds since 1970", told);
      return undefined;
    }
    return isLater(session, this.#api.getSessionId()) ? session : undefined;
  }

  #told(event: SegmentEvent): unknown {
    if (this.mode === "actions") return toldSessionId(event);
    if (this.mode === "classic-cloud") return undefined;
    const told = this.#options.getSessionId?.();
    // A promise is no session id. Nobody awaits it, so nobody else hears of its failure.
    if (told instanceof Promise) told.catch(() => {});
    return told;
  }

  /** The event's anonymous id, where it may become the device id. */
  #usableAnonymousId(event: SegmentEvent): string | undefined {
    const anonymousId = anonymousIdOf(event);
    if (anonymousId === undefined || this.#options.deviceId) return undefined;
    if (DEVICE_ID.test(anonymousId)) return anonymousId;
    this.#warn("an anonymous id can't be the device id: give one of your own", anonymousId);
    return undefined;
  }

  /** Nothing that goes wrong here may cost the host an event of its analytics. */
  #attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#warn("an event goes on as it is", error);
      return undefined;
    }
  }

  /** Says the same thing once. */
  #warn(what: string, detail: unknown): void {
    if (this.#warned.has(what)) return;
    this.#warned.add(what);
    warn(this.#options.loggerProvider, `${what}:`, detail);
  }
}
