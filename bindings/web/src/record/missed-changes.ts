// Whether the document changes and rrweb tells nothing of it: looked for only while rrweb is silent.

import type { Gate } from "./rrweb-recorder";
import { holderOf } from "../dom/native-dom";

/** Elements that are looked at; larger documents are known by their beginning. */
const MAX_ELEMENTS = 50_000;
const MAX_RESTS = 63;

export class Unheard {
  /** Whether something was found, and rrweb has told of no change since. */
  isSo = false;
  private hasHeard = true;
  private elements = -1;
  /** A full snapshot answers what is found; where that helps nobody it is taken less and less often. */
  private rests = 0;
  private found = 0;

  constructor(
    private readonly gate: Pick<Gate, "idOf">,
    private readonly blocks: (element: Element) => boolean,
  ) {}

  /** rrweb has described the document. */
  described(): void {
    this.hasHeard = true;
  }

  /** rrweb has told of a change. */
  heard(): void {
    this.hasHeard = true;
    this.isSo = false;
    this.found = 0;
  }

  forget(): void {
    this.heard();
    this.elements = -1;
    this.rests = 0;
  }

  /** Whether there are elements that rrweb should have told of; to be called now and then. */
  look(): boolean {
    const all = document.getElementsByTagName("*");
    const before = this.elements;
    this.elements = all.length;
    const wasQuiet = !this.hasHeard;
    this.hasHeard = false;
    if (!wasQuiet || this.rests-- > 0) return false;
    if (before === all.length && this.gate.idOf(document.documentElement) > 0 && !this.isSo) return false;
    if (!this.isUnknownIn(all)) return false;
    this.isSo = true;
    this.rests = Math.min(MAX_RESTS, 2 ** this.found++ - 1);
    return true;
  }

  private isUnknownIn(all: HTMLCollectionOf<Element>): boolean {
    const count = Math.min(all.length, MAX_ELEMENTS);
    for (let i = 0; i < count; i++) {
      const element = all[i] as Element;
      if (this.gate.idOf(element) !== -1) continue;
      const holder = holderOf(element);
      if ((!holder || this.gate.idOf(holder) > 0) && !this.blocks(element)) return true;
    }
    return false;
  }
}
