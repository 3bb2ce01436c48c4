// Whether the document changes and rrweb emits nothing: checked only while rrweb is silent.

import { composedParentOf, getElementsByTagName } from "../dom/native-dom";
import type { Mask } from "../privacy/mask";

/** Elements that are checked; of larger documents only the beginning is. */
const MAX_ELEMENTS = 50_000;
const MAX_SKIPPED_CHECKS = 63;

export class MissedChanges {
  /** Whether changes were missed, and rrweb has emitted none since. */
  areFound = false;
  private hasEvents = true;
  private elements = -1;
  /** A full snapshot makes up for what was missed; where that does not help it is taken less and less often. */
  private skippedChecks = 0;
  private found = 0;

  constructor(
    private readonly idOf: (node: Node) => number,
    /** The mask as of now. */
    private readonly mask: () => Pick<Mask, "isBlocked">,
  ) {}

  onFullSnapshot(): void {
    this.hasEvents = true;
  }

  onMutation(): void {
    this.hasEvents = true;
    this.areFound = false;
    this.found = 0;
  }

  reset(): void {
    this.onMutation();
    this.elements = -1;
    this.skippedChecks = 0;
  }

  /** Whether there are elements that rrweb should have described; to be called now and then. */
  check(): boolean {
    const all = getElementsByTagName.call(document, "*");
    const before = this.elements;
    this.elements = all.length;
    const wasSilent = !this.hasEvents;
    this.hasEvents = false;
    if (!wasSilent || this.skippedChecks-- > 0) return false;
    if (before === all.length && this.idOf(document.documentElement) > 0 && !this.areFound) return false;
    if (!this.hasUnknown(all)) return false;
    this.areFound = true;
    this.skippedChecks = Math.min(MAX_SKIPPED_CHECKS, 2 ** this.found++ - 1);
    return true;
  }

  private hasUnknown(all: HTMLCollectionOf<Element>): boolean {
    const mask = this.mask();
    const count = Math.min(all.length, MAX_ELEMENTS);
    for (let i = 0; i < count; i++) {
      const element = all[i] as Element;
      if (this.idOf(element) !== -1) continue;
      const parent = composedParentOf(element);
      if ((!parent || this.idOf(parent) > 0) && !mask.isBlocked(element)) return true;
    }
    return false;
  }
}
