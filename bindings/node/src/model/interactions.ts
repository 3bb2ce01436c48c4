// Clicks and scroll depth, as `recordInteraction` takes them. The library checks their members.
import { invalid } from "./errors.js";
import { toJson } from "./rrweb-event.js";

interface OnPage {
  viewportWidth: number;
  viewportHeight: number;
  /** The page, or the screen: what a heatmap is of. */
  pageUrl: string;
  /** Milliseconds since 1970. Default: now. */
  timestamp?: number;
}

/** A click, in pixels from the top left of the page. */
export interface ClickInteraction extends OnPage {
  type: "click";
  x: number;
  y: number;
  /** Of the element, in CSS. */
  selector?: string;
}

/** How far a page was scrolled before it was left. */
export interface ScrollInteraction extends OnPage {
  type: "scroll";
  maxScrollX: number;
  maxScrollY: number;
  /** The furthest pixel that was seen: `maxScrollX` and the width of the window. */
  maxScrollWidth: number;
  /** `maxScrollY` and the height of the window. */
  maxScrollHeight: number;
}

export type Interaction = ClickInteraction | ScrollInteraction;

/** As the library takes it. */
export function toInteractionJson(interaction: unknown): string {
  if (typeof interaction !== "object" || interaction === null || Array.isArray(interaction))
    throw invalid("recordInteraction: an interaction must be an object");
  const timestamp = (interaction as Interaction).timestamp ?? Date.now();
  return toJson({ ...interaction, timestamp });
}
