// Notices that the page has gone to an address with a stricter level of masking: what is recorded of the document was masked
// less. After a change to a looser one nothing is to be done: what the page shows then may still be of the address before.

import { MASK_LEVELS, type MaskLevel } from "../model/shared";

export class LevelWatch {
  /** The loosest level since the last full snapshot. */
  private loosest: number = MASK_LEVELS.length;

  onFullSnapshot(level: MaskLevel): void {
    this.loosest = MASK_LEVELS.indexOf(level);
  }

  /** To be called with the level of each event; true: the document has to be recorded anew. */
  isStricter(level: MaskLevel): boolean {
    const strictness = MASK_LEVELS.indexOf(level);
    this.loosest = Math.min(this.loosest, strictness);
    return strictness > this.loosest;
  }
}
