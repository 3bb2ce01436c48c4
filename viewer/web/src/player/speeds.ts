// How fast a replay is played.

export const SPEEDS: readonly number[] = [1, 2, 4, 8, 16];

/** The next speed in that direction; the same at the end. */
export function nextSpeed(speed: number, by: 1 | -1): number {
  return SPEEDS[SPEEDS.indexOf(speed) + by] ?? speed;
}
