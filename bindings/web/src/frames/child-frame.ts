// One frame whose document is of another origin, and recorded by a recorder of its own: what it sends, checked and made part of
// this page.

import type { MaskLevel } from "../model/shared";
import type { RrwebEvent } from "../model/rrweb-event";
import { ByteBudget } from "../send/byte-budget";
import { emptyDocument, type FramePlace, mergeFrameEvent } from "./merge";
import type { Command } from "./protocol";

/** What a frame needs of the page's recorder. */
export interface FrameHost {
  isRecording(): boolean;
  /** What this page masks at. */
  level(): MaskLevel;
  /** rrweb's number of a node; not above 0: it has none. */
  idOf(node: Node): number;
  /** Whether what is in this element must not be shown. */
  isWithheld(element: Element): boolean;
  /** rrweb's numbers for nodes and sheets of a frame, counted anew after `reset`; null: rrweb has not started. */
  idsOf(element: Element): { reset(): void; node(id: number): number; style(id: number): number } | null;
  /** Records an event of a frame, masked. */
  add(event: RrwebEvent): void;
  /** Somebody uses the frame, and so the page. */
  onUse(): void;
  note(problem: string): void;
}

/** In characters: an event of the largest size, and a few small ones. */
const MAX_LINES_LENGTH = 9_500_000;
const BURST_BYTES = 32_000_000;
const BYTES_PER_SECOND = 2_000_000;
/** What an event costs beside its length. */
const EVENT_BYTES = 100;
/** What it costs to begin. */
const CONNECT_BYTES = 500_000;
/** Numbers for the nodes of a frame, since its last full snapshot. */
const MAX_IDS = 1_000_000;
/** How long a frame that sends too much is left out. */
const TOO_MUCH_MS = 60_000;

/** What an element's frame may send, whichever document is in it. */
export class FrameAllowance {
  readonly budget = new ByteBudget(BURST_BYTES, BYTES_PER_SECOND);
  /** Until when it is left out. */
  resumeAt = 0;

  /** Whether another document may begin. */
  mayConnect(): boolean {
    return this.budget.take(CONNECT_BYTES);
  }
}

export class ChildFrame {
  private generation = 0;
  private level: MaskLevel = "conservative";
  private ids = 0;
  private readonly place: FramePlace;

  constructor(
    readonly element: Element,
    readonly origin: string,
    private readonly port: MessagePort,
    private readonly host: FrameHost,
    private readonly allowance: FrameAllowance,
    onBye: () => void,
  ) {
    const count = (numbered: (id: number) => number) => (id: number) => {
      this.ids++;
      return numbered(id);
    };
    this.place = {
      elementId: 0,
      rootId: null,
      ids: {
        node: count((id) => host.idsOf(element)?.node(id) ?? -1),
        style: count((id) => host.idsOf(element)?.style(id) ?? -1),
      },
    };
    port.onmessage = ({ data }) => {
      const { action } = (data ?? {}) as { action?: unknown };
      if (action === "bye") onBye();
      else if (action === "used") host.onUse();
      else this.onReport(data);
    };
  }

  /** Asks for a full snapshot: what was sent before it no longer counts. */
  record(): void {
    this.place.rootId = null;
    this.place.elementId = this.host.idOf(this.element);
    if (this.place.elementId <= 0 || this.host.isWithheld(this.element)) return this.pause();
    if (performance.now() < this.allowance.resumeAt) return;
    this.level = this.host.level();
    this.send({ action: "record", generation: ++this.generation, level: this.level });
  }

  pause(): void {
    this.generation++;
    this.place.rootId = null;
    this.send({ action: "pause" });
  }

  /** Its document is gone. */
  clear(): void {
    const { place, host } = this;
    if (place.rootId !== null && host.isRecording() && this.element.isConnected) {
      host.idsOf(this.element)?.reset();
      host.add(emptyDocument(place, place.ids.node(1), Date.now()));
    }
    place.rootId = null;
    this.port.close();
  }

  private onReport(report: unknown): void {
    const { generation, lines } = (report ?? {}) as { generation?: unknown; lines?: unknown };
    if (typeof lines !== "string" || generation !== this.generation || !this.host.isRecording()) return;
    if (!this.allowance.budget.take(lines.length)) return this.leaveOut("it sends too much");
    if (lines.length > MAX_LINES_LENGTH) return this.leaveOut("it sends an event that is too large");
    if (this.host.isWithheld(this.element)) return this.pause();
    // The page's address may have another level than before.
    if (this.host.level() !== this.level) return this.record();
    for (const line of lines.split("\n")) {
      if (!this.allowance.budget.take(EVENT_BYTES) || this.ids > MAX_IDS) return this.leaveOut("it sends too much");
      this.addLine(line);
    }
  }

  private addLine(line: string): void {
    let event: { type?: unknown } | null;
    try {
      event = JSON.parse(line) as { type?: unknown } | null;
    } catch {
      return this.refuse("no JSON");
    }
    if (event?.type === 2) {
      this.host.idsOf(this.element)?.reset();
      this.ids = 0;
    }
    const merged = mergeFrameEvent(event, this.place, Date.now());
    if (typeof merged === "string") this.refuse(merged);
    else if (merged) this.host.add(merged);
  }

  private refuse(why: string): void {
    this.host.note(`an event of the frame of ${this.origin} was refused: ${why}`);
  }

  private leaveOut(why: string): void {
    this.host.note(`the frame of ${this.origin} is not recorded for ${TOO_MUCH_MS / 1_000} s: ${why}`);
    this.allowance.resumeAt = performance.now() + TOO_MUCH_MS;
    this.pause();
    setTimeout(() => this.host.isRecording() && this.record(), TOO_MUCH_MS);
  }

  private send(command: Command): void {
    this.port.postMessage(command);
  }
}
