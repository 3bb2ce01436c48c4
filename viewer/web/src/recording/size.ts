// Sizes of a page that no screen has: a player would draw nothing, or something of no use.

import type { Fields } from "../model/json";

/** What is drawn in place of one. */
export const DEFAULT_SIZE = { width: 1280, height: 720 };
/** The largest that the systems of windows know. */
const MAX_SIDE = 32_767;

/** A size that was replaced. */
export interface OddSize {
  /** In the order of arrival, counted from 0. */
  number: number;
  width: unknown;
  height: unknown;
}

/** Whether a page can be so large. A window that is closed to its title has no size: `isFirst` says that there has to be one. */
export function isPossible({ width, height }: Fields, isFirst: boolean): boolean {
  const least = isFirst ? 1 : 0;
  return [width, height].every((side) => typeof side === "number" && side >= least && side <= MAX_SIDE);
}
