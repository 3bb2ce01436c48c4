// Where nothing happened: nobody did anything, or nothing was recorded.

import { isFields } from "../model/json";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import { type Moment, span } from "./moment";

/** Shorter pauses are thinking; rrweb calls a session inactive after 10 s, which is many a gap in each. */
const IDLE_MS = 60_000;

const ACTS = new Set<unknown>([
  Source.MouseMove,
  Source.MouseInteraction,
  Source.Scroll,
  Source.ViewportResize,
  Source.Input,
  Source.TouchMove,
  Source.Drag,
  Source.Selection,
]);

export class Gaps {
  private last: RrwebEvent | null = null;
  /** What somebody did last; the beginning counts as one. */
  private lastAct: RrwebEvent | null = null;

  constructor(private readonly moments: Moment[]) {}

  read(event: RrwebEvent): void {
    const { last, lastAct } = this;
    this.last = event;
    if (last && event.timestamp - last.timestamp >= IDLE_MS) {
      this.insert(isBeginning(event) ? away(last, event) : idle(last, event, "nothing was recorded"));
      // Nobody can tell what was done while nothing was recorded.
      this.lastAct = event;
      return;
    }
    if (!lastAct) this.lastAct = event;
    if (!isAct(event)) return;
    this.lastAct = event;
    if (lastAct && event.timestamp - lastAct.timestamp >= IDLE_MS) this.insert(idle(lastAct, event, "things changed, and nobody did anything"));
  }

  /** Puts it where it begins: what happened meanwhile is told after it. */
  private insert(moment: Moment): void {
    let at = this.moments.length;
    while (at > 0 && (this.moments[at - 1] as Moment).time > moment.time) at--;
    this.moments.splice(at, 0, moment);
  }
}

/** The recorder begins with the page's address, and with all of it. */
const isBeginning = ({ type }: RrwebEvent) => type === EventType.Meta || type === EventType.FullSnapshot || type < EventType.FullSnapshot;

function isAct({ type, data }: RrwebEvent): boolean {
  if (type === EventType.Custom) return data["tag"] === "key" && isFields(data["payload"]);
  return type === EventType.Incremental && ACTS.has(data.source);
}

const idle = (last: RrwebEvent, next: RrwebEvent, detail: string) => gap(last, next, "idle", `${between(last, next)} idle`, detail);
const away = (last: RrwebEvent, next: RrwebEvent) => gap(last, next, "away", `Recorder away for ${between(last, next)}`, "it began anew afterwards");

const between = (last: RrwebEvent, next: RrwebEvent) => span(next.timestamp - last.timestamp);

function gap(last: RrwebEvent, next: RrwebEvent, kind: "idle" | "away", text: string, detail: string): Moment {
  return { kind, time: last.timestamp, end: next.timestamp, text, detail, tone: "plain", event: next };
}
