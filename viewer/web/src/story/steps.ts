// Where the keys lead in a story.

import { lastUntil } from "../companions/pane";

/** Playing goes on after a step: so long after a moment, one step back leads to the moment before it. */
const GRACE_MS = 1_500;
/** The player says where it is some time after it was told to go there. */
export const SEEK_MS = 500;

/** The place that the last step led to, and whether the replay is still on its way there. */
export interface Step {
  to: number;
  isUnderWay: boolean;
}

/** The place of the next (1) or previous (-1) moment, seen from a time; `last`: the step before, null: none. */
export function stepFrom(moments: readonly { time: number }[], now: number, last: Step | null, by: 1 | -1): number {
  const at = last ? moments[last.to]?.time : undefined;
  // Several moments may be at one time: each is a step.
  const isThere = at !== undefined && now >= at && now - at <= GRACE_MS;
  if (last && at !== undefined && (last.isUnderWay || isThere)) return clamp(last.to + by, moments.length);
  const current = lastUntil(moments, now);
  if (by === 1) return clamp(current + 1, moments.length);
  return clamp(now - (moments[current]?.time ?? now) > GRACE_MS ? current : current - 1, moments.length);
}

const clamp = (place: number, count: number) => Math.max(0, Math.min(place, count - 1));
