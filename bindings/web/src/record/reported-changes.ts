// Changes that rrweb does not see where it does not share the page's world: a host that does reports them, and they become
// rrweb's events.

import { getAttribute, matches } from "../dom/native-dom";
import { EventType, type IncrementalEvent, Source } from "../model/rrweb-event";

export interface ReportedChangesOptions {
  /** rrweb's number of a node. */
  idOf: (node: Node) => number;
  emit: (event: IncrementalEvent) => void;
  /** Runs work whose errors stay ours. */
  guard: (work: () => void) => void;
}

export class ReportedChanges {
  constructor(private readonly options: ReportedChangesOptions) {}

  /** A script has set a field's value. */
  valueChanged(field: Element): void {
    if (!matches.call(field, "input, select, textarea")) return;
    const { value, checked, type } = field as HTMLInputElement;
    const isChecked = (type === "checkbox" || type === "radio") && checked;
    this.emit(field, (id) => ({ source: Source.Input, text: String(value), isChecked, id }));
  }

  /** This document, or the shadow root of this element, has no adopted sheets any more. */
  sheetsLeft(node: Node): void {
    this.emit(node, (id) => ({ source: Source.AdoptedStyleSheet, id, styleIds: [] }));
  }

  /** The sheet of this element was switched on or off. The sanitizer says so in its `media`. */
  sheetSwitched(owner: Element): void {
    this.emit(owner, (id) => {
      const attributes = [{ id, attributes: { media: getAttribute.call(owner, "media") } }];
      return { source: Source.Mutation, texts: [], removes: [], adds: [], attributes };
    });
  }

  private emit(node: Node, data: (id: number) => object): void {
    const { idOf, emit, guard } = this.options;
    guard(() => {
      const id = idOf(node);
      if (id <= 0) return;
      emit({ type: EventType.Incremental, timestamp: Date.now(), data: data(id) } as IncrementalEvent);
    });
  }
}
