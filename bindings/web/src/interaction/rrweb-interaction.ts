// rrweb's events of what users do, as far as they are read here. Numbers are rrweb's.

import { EventType, type RrwebEvent } from "../model/rrweb-event";

const MOUSE_INTERACTION = 2;
const CLICK = 2;
const SCROLL = 3;

export interface Click {
  /** rrweb's number of what was clicked. */
  id: number;
  /** In the viewport of its document. */
  x: number;
  y: number;
}

interface Interaction {
  source: number;
  type?: number;
  id: number;
  x?: number;
  y?: number;
}

const dataOf = (event: RrwebEvent) => (event.type === EventType.Incremental ? (event.data as Interaction) : null);

export function clickIn(event: RrwebEvent): Click | null {
  const data = dataOf(event);
  if (data?.source !== MOUSE_INTERACTION || data.type !== CLICK) return null;
  const { id, x, y } = data;
  return x === undefined || y === undefined ? null : { id, x, y };
}

/** Whether the page, or something in it, has scrolled. */
export const isScroll = (event: RrwebEvent): boolean => dataOf(event)?.source === SCROLL;
