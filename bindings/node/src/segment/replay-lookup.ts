// Which session and replay an event belongs to. The answer of session replay is kept, so that it is not asked for each of
// the events that follow each other closely.
import { currentProperties, type SessionReplayApi } from "../integration/api.js";
import type { Followed } from "../model/analytics.js";
import type { SegmentMode } from "../model/shared/choices.js";
import { REPLAY_ID_PROPERTY } from "../model/shared/ids.js";
import type { EventIds } from "./event-ids.js";
import type { Warnings } from "./warn.js";

/** Sessions time out after a second without events at least, so an answer that is younger than this still holds. */
const MAX_AGE_MS = 500;

/**
 * How long an event waits to learn which replay is its own. In Node.js that takes no time; in a renderer it takes one
 * message, which a busy main process, as at the start of an app, answers late. Without the answer the event names no replay.
 */
const ANSWER_TIMEOUT_MS = 1_000;

export class ReplayLookup {
  #last: { key: string; at: number; answer: Followed } | undefined;
  /** The ids of a question that is not answered yet: an event that timed out on it must not hold up the next ones. */
  #pendingKey: string | undefined;

  constructor(
    private readonly api: SessionReplayApi,
    private readonly mode: SegmentMode,
    private readonly warnings: Warnings,
  ) {}

  /** What is known of the event's session and replay. `undefined`: it is not known, or not in time. */
  async find(ids: EventIds): Promise<Followed | undefined> {
    const known = this.warnings.attempt(() => this.#known(ids));
    if (known !== undefined) return known;
    const key = keyOf(ids);
    if (this.#pendingKey === key) return undefined;
    const mayWait = this.#pendingKey === undefined;
    this.#pendingKey = key;
    const answer = this.#ask(ids).finally(() => this.#pendingKey === key && (this.#pendingKey = undefined));
    return mayWait ? within(ANSWER_TIMEOUT_MS, answer) : undefined;
  }

  async #ask({ deviceId, sessionId }: EventIds): Promise<Followed | undefined> {
    const at = performance.now();
    try {
      const answer = await this.api.followAnalytics({ deviceId, sessionId }).promise;
      const key = this.warnings.attempt(() => this.#keyNow({ deviceId, sessionId }));
      if (key !== undefined) this.#last = { key, at, answer };
      return answer;
    } catch (error) {
      this.warnings.once("an event is not followed", error);
      return undefined;
    }
  }

  /**
   * The answer, where nobody has to be asked for it: the event's own replay is the current one; or the same ids were asked
   * about, and nothing has changed since. Where session replay owns the session, it has to see an event now and then.
   */
  #known(ids: EventIds): Followed | undefined {
    const last = this.#last;
    const isOld = last === undefined || performance.now() - last.at >= MAX_AGE_MS;
    if (this.mode === "classic-cloud" && isOld) return undefined;
    const sessionId = this.api.getSessionId();
    const properties = currentProperties(this.api);
    if (properties[REPLAY_ID_PROPERTY] === `${ids.deviceId}/${ids.sessionId ?? sessionId}`) return { sessionId, properties };
    if (last === undefined || last.key !== this.#keyNow(ids)) return undefined;
    // What was refused may be accepted a moment later: session replay starts, the clock is set.
    return REPLAY_ID_PROPERTY in last.answer.properties || !isOld ? last.answer : undefined;
  }

  /** The ids, and the replay that was current beside them; `undefined` where none was. */
  #keyNow(ids: EventIds): string | undefined {
    const current = this.api.getSessionReplayId();
    if (current === undefined) return undefined;
    return `${keyOf(ids)} ${current} ${currentProperties(this.api)[REPLAY_ID_PROPERTY]}`;
  }
}

const keyOf = ({ deviceId, sessionId }: EventIds): string => `${deviceId} ${sessionId}`;

async function within<T>(timeoutMs: number, answer: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), timeoutMs)));
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
