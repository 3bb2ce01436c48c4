// The part of a session's page that dresses its replay. It shows nothing beside it.

import { h } from "../dom/elements";
import { Dressing } from "../missing/dressing";
import type { SessionContext, SessionPart } from "../part/session-part";

export class MissingPart implements SessionPart {
  readonly element = h("div", { hidden: true });
  private readonly dressing: Dressing;

  constructor(private readonly context: SessionContext) {
    this.dressing = new Dressing(context.recording.missing);
  }

  at(ms: number): void {
    const scene = this.context.scene();
    if (scene) this.dressing.dress(scene, this.context.recording.start + ms);
  }

  destroy(): void {
    this.dressing.destroy();
  }
}
