// One thing that happened in a session, in words.

import type { RrwebEvent } from "../model/rrweb-event";

export type Kind =
  | "page"
  | "view"
  | "click"
  | "frustration"
  | "input"
  | "key"
  | "focus"
  | "scroll"
  | "size"
  | "error"
  | "request"
  | "warning"
  | "custom"
  | "idle"
  | "away"
  | "recorder";

export type Tone = "plain" | "warn" | "grave";

export interface Moment {
  kind: Kind;
  /** In milliseconds since 1970. */
  time: number;
  /** When the last of what is told here happened: of several clicks, of typing, of a gap. */
  end: number;
  /** What happened. */
  text: string;
  /** More about it, in a line; may be empty. */
  detail: string;
  tone: Tone;
  /** The event that tells it; of several, the first. */
  event: RrwebEvent;
}

/** Kinds that are shown or hidden together, in the order of their buttons. */
export const GROUPS = [
  { name: "Pages", kinds: ["page", "view"] },
  { name: "Clicks", kinds: ["click"] },
  { name: "Rage, dead", kinds: ["frustration"] },
  { name: "Input", kinds: ["input", "key", "focus"] },
  { name: "Scroll, size", kinds: ["scroll", "size"] },
  { name: "Errors", kinds: ["error", "request"] },
  { name: "Warnings", kinds: ["warning"] },
  { name: "Custom", kinds: ["custom"] },
  { name: "Gaps", kinds: ["idle", "away", "recorder"] },
] as const satisfies readonly { name: string; kinds: readonly Kind[] }[];

/** A length of time as one says it: 3 h, 4 min 10 s. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600), Math.floor(seconds / 86_400)];
  const two = (many: number, unit: string, rest: number, part: string) => `${many} ${unit}${rest > 0 ? ` ${rest} ${part}` : ""}`;
  if (hours === 0) return two(minutes, "min", seconds % 60, "s");
  return days === 0 ? two(hours, "h", minutes % 60, "min") : two(days, days === 1 ? "day" : "days", hours % 24, "h");
}
