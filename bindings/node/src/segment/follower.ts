// The session and the device that the analytics are in, followed from event to event.
import type { Followed, ToldByAnalytics } from "../model/analytics.js";
import { warn, type SessionReplayApi, type WarnLogger } from "./api.js";
import {
  REPLAY_ID,
  addProperties,
  addSessionId,
  deviceOf,
  isSwitchedOff,
  ownSessionId,
  readDeviceId,
  readSessionId,
  removeProperties,
  toldSessionId,
  type SegmentEvent,
} from "./event.js";
import { oneByOne } from "./in-order.js";
import { onSessionWritten } from "./late-session.js";

/** How Amplitude is connected in Segment, told apart by who owns the session id: docs/guide/segment.md. */
export type SegmentMode = "actions" | "classic-device" | "classic-cloud";

/** The mode, and what it needs. */
export interface IntegrationOptions {
  /** "actions" unless given. */
  mode?: SegmentMode | undefined;
  /** With "classic-device": the session id of the Amplitude library beside Segment. Asked at each event. */
  getSessionId?: (() => unknown) | undefined;
  /** With "classic-device": its device id, in place of the event's own. Asked at each event. */
  getDeviceId?: (() => unknown) | undefined;
  /** The device id that the host gave session replay: then what events and getters tell of it does not count. */
  deviceId?: string | undefined;
  /** Hears of what was ignored; `console` unless given. */
  loggerProvider?: WarnLogger | undefined;
}

const MODES: readonly SegmentMode[] = ["actions", "classic-device", "classic-cloud"];

/** Sessions end after a second of silence at least: events that follow each other faster need not be told of. */
const QUIET_MS = 500;

/**
 * How long an event waits to hear which replay is its own. In Node.js that takes no time, in a renderer one message, which
 * a main process that is busy, as at the start of an app, answers late: without the answer the event names no replay.
 */
const ANSWER_MS = 1_000;

/** What an event tells. */
interface Told extends ToldByAnalytics {
  deviceId?: string | undefined;
  sessionId?: number | undefined;
}

export class Follower {
  readonly mode: SegmentMode;
  readonly #api: SessionReplayApi;
  readonly #options: IntegrationOptions;
  readonly #warned = new Set<string>();
  /** The answer to what was told last. */
  #last: { key: string; at: number; answer: Followed } | undefined;
  /** Told, and not answered yet: an event that waited long enough for that is not to hold up the next ones. */
  #unanswered: string | undefined;

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

  /**
   * Follows the event, and gives it what it has to carry. Takes its turn among the events of all analytics. Answers with
   * the replay's properties that it was given.
   */
  process(event: SegmentEvent): Promise<Followed["properties"]> {
    return oneByOne.run(undefined, async () => {
      const answer = await this.#follow(this.#told(event));
      return this.#attempt(() => this.#complete(event, answer)) ?? {};
    });
  }

  /** Follows a device that is known without an event. */
  async followDevice(deviceId: string): Promise<void> {
    await this.#follow({ deviceId });
  }

  /**
   * Amplitude (Actions) may still write the session id into an event that was processed without one. Then what the event
   * was given goes at once, unless it is of that session. What is its own comes as soon as it is known, if the event has
   * not left by then.
   */
  expectSession(event: SegmentEvent, given: Followed["properties"]): void {
    const correct = () => {
      const session = readSessionId(toldSessionId(event));
      if (session === undefined || sessionIn(given[REPLAY_ID]) === String(session)) return;
      removeProperties(event, given);
      this.process(event).catch(() => {});
    };
    this.#attempt(() => {
      const isAwaited = readSessionId(toldSessionId(event)) === undefined && !isSwitchedOff(event);
      if (this.mode === "actions" && isAwaited) onSessionWritten(event, () => this.#attempt(correct));
    });
  }

  /** What is known of the event's session and replay. `undefined`: it is not known, or not in time. */
  async #follow(told: Told): Promise<Followed | undefined> {
    const known = this.#attempt(() => this.#known(told));
    if (known !== undefined) return known;
    const key = keyOf(told);
    if (this.#unanswered === key) return undefined;
    const isWaitedFor = this.#unanswered === undefined;
    this.#unanswered = key;
    const answered = this.#ask(told).finally(() => this.#unanswered === key && (this.#unanswered = undefined));
    return isWaitedFor ? atMost(ANSWER_MS, answered) : undefined;
  }

  async #ask({ deviceId, sessionId }: Told): Promise<Followed | undefined> {
    const at = performance.now();
    try {
      const answer = await this.#api.followAnalytics({ deviceId, sessionId }).promise;
      const key = this.#attempt(() => this.#keyNow({ deviceId, sessionId }));
      if (key !== undefined) this.#last = { key, at, answer };
      return answer;
    } catch (error) {
      this.#warn("an event is not followed", error);
      return undefined;
    }
  }

  /**
   * The answer, where nobody has to be asked for it: the event's own replay is the current one; or the same was told
   * before, and nothing has changed. Where session replay owns the session, it has to hear of events now and then.
   */
  #known(told: Told): Followed | undefined {
    const last = this.#last;
    const isQuiet = last === undefined || performance.now() - last.at >= QUIET_MS;
    if (this.mode === "classic-cloud" && isQuiet) return undefined;
    const sessionId = this.#api.getSessionId();
    const properties = this.#api.getSessionReplayProperties() as Followed["properties"];
    const own = `${told.deviceId}/${told.sessionId ?? sessionId}`;
    if (properties[REPLAY_ID] === own) return { sessionId, properties };
    if (last === undefined || last.key !== this.#keyNow(told)) return undefined;
    // What was refused may be taken a moment later: session replay starts, the clock is set.
    return REPLAY_ID in last.answer.properties || !isQuiet ? last.answer : undefined;
  }

  /** What is told, and what it is told into; `undefined` where no replay is current. */
  #keyNow(told: ToldByAnalytics): string | undefined {
    const current = this.#api.getSessionReplayId();
    if (current === undefined) return undefined;
    return `${keyOf(told)} ${current} ${this.#api.getSessionReplayProperties()[REPLAY_ID]}`;
  }

  #complete(event: SegmentEvent, answer: Followed | undefined): Followed["properties"] {
    let properties = answer?.properties ?? {};
    if (this.mode === "classic-cloud") {
      const ours = readSessionId(sessionIn(properties[REPLAY_ID]) ?? answer?.sessionId ?? this.#api.getSessionId());
      const own = readSessionId(ownSessionId(event));
      // An event of another session is not to name this one's replay.
      if (own !== undefined && !Number.isNaN(own) && own !== ours) properties = {};
      if (ours !== undefined && !Number.isNaN(ours)) addSessionId(event, ours);
    }
    return addProperties(event, properties) ? properties : {};
  }

  /** What the event, or whoever is asked in its place, tells. What fails tells nothing. */
  #told(event: SegmentEvent): Told {
    return {
      deviceId: this.#attempt(() => this.#toldDevice(event)),
      sessionId: this.#attempt(() => this.#toldSession(event)),
    };
  }

  #toldSession(event: SegmentEvent): number | undefined {
    if (this.mode === "classic-cloud") return undefined;
    const told = this.mode === "actions" ? toldSessionId(event) : asked(this.#options.getSessionId);
    const session = readSessionId(told);
    if (!Number.isNaN(session)) return session;
    this.#warn("a session id is ignored, since it is not milliseconds since 1970", told);
    return undefined;
  }

  #toldDevice(event: SegmentEvent): string | undefined {
    const { deviceId, getDeviceId } = this.#options;
    if (deviceId) return deviceId;
    const told = this.mode === "classic-device" && getDeviceId ? asked(getDeviceId) : deviceOf(event);
    const device = readDeviceId(told);
    if (device === null) this.#warn("an event's device id can't be used: give one of your own", told);
    return device ?? undefined;
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

const keyOf = ({ deviceId, sessionId }: ToldByAnalytics): string => `${deviceId} ${sessionId}`;

/** The session id in a replay id: what follows the slash, which no device id may hold. */
const sessionIn = (replayId: string | undefined): string | undefined => replayId?.slice(replayId.indexOf("/") + 1);

/** What a getter tells. A promise is no id: nobody awaits it, so nobody else hears of its failure. */
function asked(getter: (() => unknown) | undefined): unknown {
  const told = getter?.();
  if (told instanceof Promise) told.catch(() => {});
  return told;
}

async function atMost<T>(milliseconds: number, answer: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), milliseconds)));
  try {
    return await Promise.race([answer, enough]);
  } finally {
    clearTimeout(timer);
  }
}
