// A frame as bytes, for a backend that knows no structs: the frame, its rectangles and its masks, each where the next one points to.
import { StructBytes } from "./struct-bytes.js";
import { FRAME, MASK, RECT, type FrameValues } from "./view-layout.js";

const FRAME_BYTES = new StructBytes(FRAME);
const RECT_BYTES = new StructBytes(RECT);
const MASK_BYTES = new StructBytes(MASK);

export interface FrameMemory {
  /** The frame itself. */
  readonly frame: Buffer;
  /** What it points to: it must be kept as long as C reads the frame. */
  readonly parts: readonly (Buffer | null)[];
}

export function frameMemory(values: FrameValues, pixels: Buffer, addressOf: (bytes: Buffer) => bigint): FrameMemory {
  const damage = values.damage && RECT_BYTES.of(values.damage, addressOf);
  const masks = values.masks && MASK_BYTES.of(values.masks, addressOf);
  const [pixelsAt, damageAt, masksAt] = [pixels, damage, masks].map((part) => part && addressOf(part)) as [bigint, bigint | null, bigint | null];
  const frame = FRAME_BYTES.of([{ ...values, pixels: pixelsAt, damage: damageAt, masks: masksAt }], addressOf);
  return { frame, parts: [pixels, damage, masks] };
}
