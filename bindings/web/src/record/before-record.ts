// The host's `beforeRecord`: it sees each event before it leaves the page. In doubt an event is dropped, since the function is there
// for what must not be recorded.

import { asOwnWork } from "../page-world/own-work";
import { EventType, type RrwebEvent } from "../model/rrweb-event";

/** Returns the event, another of the same type in its place, or null: it is dropped. */
export type BeforeRecord = (event: RrwebEvent) => RrwebEvent | null;

export class PageFilter {
  /** The host's function dropped the full snapshot: until another is kept, what follows can't be drawn, and is dropped, too. */
  lacksSnapshot = false;
  private isInside = false;

  /** `given` is read with each event: a host may set it late. */
  constructor(
    private readonly given: () => BeforeRecord | undefined,
    private readonly note: (problem: string) => void,
  ) {}

  /** What is left of an event; null: nothing. Never throws. */
  apply(event: RrwebEvent): RrwebEvent | null {
    const beforeRecord: unknown = this.given();
    if (isNone(beforeRecord)) return event;
    const { type } = event;
    if (this.lacksSnapshot && type !== EventType.FullSnapshot && type !== EventType.Meta) return null;
    const left = this.call(beforeRecord, event, type);
    if (type === EventType.FullSnapshot) this.lacksSnapshot = left === null;
    return left;
  }

  /** The same for an event in one line of JSON. */
  applyToJson(json: string): string | null {
    if (isNone(this.given())) return json;
    try {
      const left = this.apply(JSON.parse(json) as RrwebEvent);
      return left && JSON.stringify(left);
    } catch (error) {
      this.note(`a line that is no JSON can't be given to beforeRecord, and was dropped: ${String(error)}`);
      return null;
    }
  }

  private call(beforeRecord: unknown, event: RrwebEvent, type: number): RrwebEvent | null {
    if (typeof beforeRecord !== "function") {
      this.note(`beforeRecord must be a function, but is ${typeof beforeRecord}: nothing is recorded`);
      return null;
    }
    // What the function does itself, as a request or a line on the console, would be an event, and call it again.
    if (this.isInside) return null;
    this.isInside = true;
    try {
      const left: unknown = asOwnWork(() => (beforeRecord as BeforeRecord)(event));
      if (left === null) return null;
      // Nobody waits for it; where it is rejected, that must not be an error of the page.
      if (isThenable(left)) Promise.resolve(left).catch(() => {});
      else if (typeof left === "object" && (left as RrwebEvent).type === type) return left as RrwebEvent;
      this.note("beforeRecord has to return null, or an event of the same type, and at once: the event was dropped");
    } catch (error) {
      this.note(`beforeRecord failed, and the event was dropped: ${String(error)}`);
    } finally {
      this.isInside = false;
    }
    return null;
  }
}

/** Null is no filter, as in Node.js. */
const isNone = (given: unknown): boolean => given === undefined || given === null;

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
