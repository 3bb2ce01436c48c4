// The host's `beforeRecord`: it sees each event that passes through Node.js before the library has it. In doubt an event is dropped,
// since the function is there for what must not be recorded.
import { isMainThread } from "node:worker_threads";
import type { FilteredThreads } from "../copies/filtered-threads.js";
import type { BeforeRecord, ReplayEvent } from "../model/before-record.js";
import { messageOf } from "../model/errors.js";
import { UNHANDLED_ERROR_TAG } from "../model/shared/page.js";
import { isObject } from "../model/values.js";

/** How a line begins in which a page tells of an error. It is not recorded. */
const UNHANDLED_ERROR = `{"type":5,"data":{"tag":"${UNHANDLED_ERROR_TAG}",`;

const OTHERS_FILTER =
  "another thread has given init a beforeRecord, which can't be called in this one: its events are dropped. Call init with beforeRecord here, too";
const UNKNOWN_FILTER =
  "this thread was started before the main thread used session replay, and can't know of its beforeRecord: its events are dropped. Call init here, too";

export class EventFilter {
  #beforeRecord: BeforeRecord | undefined;
  /** The host's function is running. */
  #isInside = false;
  #dropped = 0;
  #hasBegun = false;

  /** `warn` tells the host, once for each warning. */
  constructor(
    private readonly warn: (warning: string) => void,
    private readonly threads: FilteredThreads,
  ) {}

  /** `init` gave this in this thread. */
  set beforeRecord(given: BeforeRecord | undefined) {
    this.#beforeRecord = given;
    this.#hasBegun = true;
  }

  get isOn(): boolean {
    return this.#beforeRecord !== undefined || this.#whyNone() !== undefined;
  }

  /** The filter of this thread, or that there is none, counts for the process. */
  standForAll(): void {
    Atomics.store(this.threads.flag, 0, this.#beforeRecord ? 1 : 0);
  }

  /** This thread joins what another one records. The main thread's filter is the program's, who ever began. */
  onJoined(): void {
    if (isMainThread && this.#beforeRecord) this.standForAll();
  }

  /** How many events it dropped since the last {@link restart}. */
  get dropped(): number {
    return this.#dropped;
  }

  /** A recorder begins, whose events are counted anew. */
  restart(): void {
    this.#dropped = 0;
  }

  /** What `read` makes of what is left of an event; undefined: it is dropped, as where `read` throws. */
  apply<Read>(event: ReplayEvent, read: (left: ReplayEvent) => Read): Read | undefined {
    const left = this.#call(event);
    if (left === undefined) return undefined;
    try {
      return read(left);
    } catch (error) {
      return this.drop(`what beforeRecord returned can't be recorded, and the event was dropped: ${messageOf(error)}`);
    }
  }

  /** The JSON of what is left of an event; undefined: it is dropped. */
  applyToJson(event: ReplayEvent): string | undefined {
    return this.apply(event, (left) => JSON.stringify(left));
  }

  /** What is left of events, one a line. `onEvent` is called with each, and whether it is kept. */
  applyToLines(lines: string, onEvent: (event: ReplayEvent, isKept: boolean) => void): string {
    const left: string[] = [];
    for (const line of lines.split("\n")) {
      if (line.trim() === "") continue;
      if (line.startsWith(UNHANDLED_ERROR)) {
        left.push(line);
        continue;
      }
      const event = this.#parse(line);
      const json = event && this.applyToJson(event);
      if (event) onEvent(event, json !== undefined);
      if (json !== undefined) left.push(json);
    }
    return left.join("\n");
  }

  /** Counts an event that is dropped, and says why where the host does not know. */
  drop(warning?: string): undefined {
    this.#dropped++;
    if (warning !== undefined) this.warn(warning);
  }

  /** Why nothing may be recorded in a thread without a filter; undefined: it may. */
  #whyNone(): string | undefined {
    if (Atomics.load(this.threads.flag, 0) === 1) return OTHERS_FILTER;
    return this.threads.isShared || this.#hasBegun ? undefined : UNKNOWN_FILTER;
  }

  #call(event: ReplayEvent): ReplayEvent | undefined {
    if (this.#beforeRecord === undefined) {
      const reason = this.#whyNone();
      return reason === undefined ? event : this.drop(reason);
    }
    // What the function records itself would call it again, without end.
    if (this.#isInside) return this.drop("what beforeRecord records itself is dropped");
    const { type } = event;
    this.#isInside = true;
    try {
      const left: unknown = this.#beforeRecord(event);
      if (left === null) return this.drop();
      // Nobody waits for it; where it is rejected, that must not end the process.
      if (isThenable(left)) Promise.resolve(left).catch(() => {});
      else if (isObject(left) && left["type"] === type) return left as unknown as ReplayEvent;
      return this.drop("beforeRecord has to return null, or an event of the same type, and at once: the event was dropped");
    } catch (error) {
      return this.drop(`beforeRecord failed, and the event was dropped: ${messageOf(error)}`);
    } finally {
      this.#isInside = false;
    }
  }

  #parse(line: string): ReplayEvent | undefined {
    try {
      const event: unknown = JSON.parse(line);
      if (isObject(event)) return event as unknown as ReplayEvent;
    } catch {
      // As below.
    }
    return this.drop("a line that is no JSON object can't be given to beforeRecord, and was dropped");
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> => isObject(value) && typeof value["then"] === "function";
