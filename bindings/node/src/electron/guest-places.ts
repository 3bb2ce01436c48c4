// Where a page says that its `<webview>`s are: as its preload script sends it, and as the main process reads it.

export interface GuestPlace {
  /** The id of the guest's contents. */
  id: number;
  /** From the upper left corner of the page's viewport, in its pixels. */
  bounds: { x: number; y: number; width: number; height: number };
  isShown: boolean;
}

/** A page with more is not one of people. */
const MAX_GUESTS = 64;
/** In characters. */
const MAX_LENGTH = 8_192;
/** The library's own bounds of a view. */
const FARTHEST = 100_000;

/** Written as short as the reader allows. */
export function guestPlacesText(places: readonly GuestPlace[]): string {
  const rows = places.slice(0, MAX_GUESTS).map(({ id, bounds, isShown }) => {
    const { x, y, width, height } = bounds;
    return [id, ...[x, y, width, height].map((length) => Math.round(length * 100) / 100), Number(isShown)];
  });
  return JSON.stringify(rows);
}

/** `undefined`: it is no such text. It comes from a page, and may be anything. */
export function guestPlacesIn(text: unknown): GuestPlace[] | undefined {
  if (typeof text !== "string" || text.length > MAX_LENGTH) return undefined;
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(rows) || rows.length > MAX_GUESTS || !rows.every(isRow)) return undefined;
  return rows.map(([id, x, y, width, height, isShown]) => ({
    id,
    bounds: { x: near(x), y: near(y), width: near(Math.max(0, width)), height: near(Math.max(0, height)) },
    isShown: isShown === 1,
  }));
}

type Row = [id: number, x: number, y: number, width: number, height: number, isShown: number];

const isRow = (row: unknown): row is Row => Array.isArray(row) && row.length === 6 && row.every(Number.isFinite);

const near = (length: number): number => Math.min(Math.max(length, -FARTHEST), FARTHEST);
