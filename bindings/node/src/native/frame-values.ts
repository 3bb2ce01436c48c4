// A host's frame as the values of C's struct. What is malformed is refused: a misspelled `masks` must not show what was to be hidden.
import { isUint8Array, isUint8ClampedArray } from "node:util/types";
import { toOwnBytes } from "../model/bytes.js";
import { invalid } from "../model/errors.js";
import { Given, toTimestamp } from "./given.js";
import {
  ENCODED,
  FRAME,
  FRAME_FLAGS,
  FRAME_FORMATS,
  MASK,
  MASK_KINDS,
  placesOf,
  type FrameValues,
  type MaskValues,
  type RectValues,
} from "./view-layout.js";

const FRAME_BYTES = placesOf(FRAME).bytes;
const MASK_BYTES = placesOf(MASK).bytes;
const MAX_UINT32 = 2 ** 32 - 1;
/** Both edges and the distance between them fit into 32 bits. */
const FARTHEST = 2 ** 30;

const AREA_MEMBERS = ["x", "y", "width", "height"] as const;
const DAMAGE = new Set<string>(AREA_MEMBERS);
const MASKS = new Set<string>([...AREA_MEMBERS, "onTop"]);
const MEMBERS = new Set([
  ...["pixels", "format", "width", "height", "stride", "scale", "damage", "masks", "timestampMs"],
  ...Object.keys(FRAME_FLAGS),
]);

export function frameOf(view: number, frame: unknown): FrameValues {
  const given = new Given("showFrame: ", frame, "a frame", MEMBERS);
  const word = given.value("format");
  const format = given.choice("format", FRAME_FORMATS);
  if (format === 0) given.refuse("format", `one of ${Object.keys(FRAME_FORMATS).join(", ")}`);
  const damage = areasOf(given, "damage", DAMAGE).map((area) => outside(area));
  const masks = areasOf(given, "masks", MASKS).map(maskOf);
  const values = {
    size: FRAME_BYTES,
    format,
    view,
    width: given.within("width", 0, MAX_UINT32),
    height: given.within("height", 0, MAX_UINT32),
    scale: given.value("scale") == null ? 0 : given.number("scale"),
    flags: given.flags(FRAME_FLAGS),
    stride: given.within("stride", 0, MAX_UINT32),
    damage: damage.length === 0 ? null : damage,
    damage_count: damage.length,
    masks: masks.length === 0 ? null : masks,
    mask_count: masks.length,
    mime: format === ENCODED ? (word as string) : null,
    timestamp_ms: toTimestamp('showFrame: "timestampMs"', given.value("timestampMs")),
  };
  // Last: a getter of the host's could take the memory away.
  const pixels = pixelsOf(given);
  return { ...values, pixels, length: pixels.byteLength };
}

function pixelsOf(given: Given): Uint8Array {
  const pixels = given.value("pixels");
  if (!isUint8Array(pixels) && !isUint8ClampedArray(pixels)) {
    return given.refuse("pixels", "a Buffer, a Uint8Array or a Uint8ClampedArray, like an ImageData's data");
  }
  const bytes = toOwnBytes(pixels);
  if (bytes.byteLength > 0) return bytes;
  throw invalid(
    'showFrame: "pixels" holds no bytes. If its ArrayBuffer was transferred or made smaller, or its WebAssembly memory grew, make a new view of it',
  );
}

/** A list of rectangles; none where it is left out. */
function areasOf(given: Given, name: string, members: ReadonlySet<string>): Given[] {
  const list = given.value(name);
  if (list == null) return [];
  if (!Array.isArray(list)) return given.refuse(name, "a list of rectangles");
  return Array.from(list, (area, place) => new Given(`showFrame: ${name}[${place}]: `, area, "a rectangle", members));
}

/** What is hidden is hidden with each pixel that it touches, and what lies on top shows only those that it covers. */
function maskOf(given: Given): MaskValues {
  const isOnTop = Boolean(given.value("onTop"));
  const rect = isOnTop ? inside(given) : outside(given);
  return { size: MASK_BYTES, kind: isOnTop ? MASK_KINDS.onTop : MASK_KINDS.hide, ...rect };
}

const outside = (given: Given): RectValues => rectOf(given, Math.floor, Math.ceil);
const inside = (given: Given): RectValues => rectOf(given, Math.ceil, Math.floor);

function rectOf(given: Given, first: (edge: number) => number, last: (edge: number) => number): RectValues {
  const [left, right] = edges(given, "x", "width");
  const [top, bottom] = edges(given, "y", "height");
  const [x, y] = [first(left), first(top)];
  return { x, y, width: Math.max(0, last(right) - x), height: Math.max(0, last(bottom) - y) };
}

function edges(given: Given, name: string, extent: string): [number, number] {
  const [from, length] = [given.finite(name), given.finite(extent)];
  const near = (edge: number) => Math.min(Math.max(edge, -FARTHEST), FARTHEST);
  return [near(Math.min(from, from + length)), near(Math.max(from, from + length))];
}
