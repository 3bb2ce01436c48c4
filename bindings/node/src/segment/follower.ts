// The session and the device that the analytics are in, followed from event to event.
import type { SessionReplayApi, WarnLogger } from "./api.js";
import { addProperties, addSessionId, anonymousIdOf, isSwitchedOff, readSessionId, toldSessionId, type SegmentEvent } from "./event.js";

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

/** How long an event waits for a session that it began. In Node.js that takes no time, in a renderer one message. */
const ANSWER_MS = 250;

/** The rule by which the analytics change the session: only a later one takes its place. */
export function isLater(next: number, stored: number | string | undefined): boolean {
  return stored === undefined || stored === "" || Number(stored) < next;
}

/** The device id in a replay id. */
const deviceIn = (replayId: string | undefined): string | undefined => replayId?.slice(0, replayId.lastIndexOf("/"));

export class Follower {
  readonly mode: SegmentMode;
  readonly #api: SessionReplayApi;
  readonly #options: IntegrationOptions;
  readonly #warned = new Set<string>();
  /** The device id that was taken from an event: another event may change it, as it may not change the host's. */
  #ownDevice: string | undefined;
  /** The answer to the last session that was told without a device. */
  #answer: Promise<void> = Promise.resolve();
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

  /** The device id that was given to session replay on behalf of the events. */
  startedWith(anonymousId: string): void {
    this.#ownDevice = anonymousId;
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
    const session = this.#laterSession(event);
    const anonymousId = this.#usableAnonymousId(event);
    const current = deviceIn(this.#api.getSessionReplayId());
    if (anonymousId !== undefined && current === undefined) return this.#begin(session, anonymousId);
    if (anonymousId !== undefined && current === anonymousId) this.#ownDevice = anonymousId;
    // A device that is not from an event is the host's.
    const device = current === this.#ownDevice && current !== anonymousId ? anonymousId : undefined;
    if (device !== undefined) this.#ownDevice = device;
    if (session !== undefined) return this.#api.setSessionId(session, device).promise;
    return device === undefined ? undefined : this.#api.setDeviceId(device)?.promise;
  }

  /** Without a replay id nobody knows whether the host gave a device: told the session alone, the answer says it. */
  async #begin(session: number | undefined, anonymousId: string): Promise<void> {
    const answer = session === undefined ? this.#answer : this.#api.setSessionId(session).promise;
    this.#answer = answer.catch(() => {});
    await answer;
    if (this.#api.getSessionId() === undefined || this.#api.getSessionReplayId() !== undefined) return;
    this.#ownDevice = anonymousId;
    await this.#api.setDeviceId(anonymousId)?.promise;
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
    return this.mode === "classic-device" ? this.#options.getSessionId?.() : undefined;
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
    try {
      (this.#options.loggerProvider ?? console).warn(`Session Replay with Segment: ${what}:`, detail);
    } catch {
      // A logger that fails costs no event either.
    }
  }
}
