// The structs and numbers of session_replay.h that views and requests need. A test compares them with what a C compiler makes of the header.
import type { LogLineLevel } from "../model/companions.js";
import type { FrameFormat, PointerKind, ViewNodeKind } from "../model/views.js";

/** The types of members. "pointer": to memory that somebody else keeps. */
export type CType = "uint32" | "int32" | "uint64" | "int64" | "float" | "double" | "text" | "pointer";

/** The members of a struct in their order; C aligns each to its own size. */
export type Layout<Name extends string = string> = Record<Name, CType>;
/** A struct's values by its members' names. A pointer is an address. */
export type Values<Name extends string> = Record<Name, number | bigint | string | null>;

export const VIEW_INFO = {
  size: "uint32",
  flags: "uint32",
  view: "uint64",
  parent: "uint64",
  x: "double",
  y: "double",
  width: "double",
  height: "double",
  z: "int32",
  background: "uint32",
  title: "text",
} satisfies Layout;

export const NODE = {
  size: "uint32",
  kind: "uint32",
  id: "uint64",
  flags: "uint32",
  clip: "uint32",
  x: "float",
  y: "float",
  width: "float",
  height: "float",
  color: "uint32",
  background: "uint32",
  border: "uint32",
  font_size: "float",
  text: "text",
  image: "text",
} satisfies Layout;

/** sr_mask, whose rectangle lies in it. */
export const MASK = {
  size: "uint32",
  kind: "uint32",
  x: "int32",
  y: "int32",
  width: "int32",
  height: "int32",
} satisfies Layout;

export const RECT = { x: "int32", y: "int32", width: "int32", height: "int32" } satisfies Layout;

export const FRAME = {
  size: "uint32",
  format: "uint32",
  view: "uint64",
  width: "uint32",
  height: "uint32",
  scale: "double",
  flags: "uint32",
  stride: "uint32",
  pixels: "pointer",
  length: "uint64",
  damage: "pointer",
  damage_count: "uint64",
  masks: "pointer",
  mask_count: "uint64",
  mime: "text",
  timestamp_ms: "int64",
} satisfies Layout;

export const REQUEST = {
  size: "uint32",
  status: "uint32",
  method: "text",
  url: "text",
  started_ms: "int64",
  duration_ms: "uint64",
  request_headers: "text",
  response_headers: "text",
  request_body: "pointer",
  request_body_length: "uint64",
  response_body: "pointer",
  response_body_length: "uint64",
  error: "text",
} satisfies Layout;

export type ViewInfoValues = Values<keyof typeof VIEW_INFO>;
export type NodeValues = Values<keyof typeof NODE>;
export type RectValues = Record<keyof typeof RECT, number>;
export type MaskValues = Record<keyof typeof MASK, number>;
/** A frame as koffi takes it. Backends that know no structs make addresses of the three. */
export type FrameValues = Omit<Values<keyof typeof FRAME>, "pixels" | "damage" | "masks"> & {
  pixels: Uint8Array;
  damage: RectValues[] | null;
  masks: MaskValues[] | null;
};

/** A request as koffi takes it. Backends that know no structs make addresses of its bodies. */
export type RequestValues = Omit<Values<keyof typeof REQUEST>, "request_body" | "response_body"> & {
  request_body: Uint8Array | null;
  response_body: Uint8Array | null;
};

/** All CPUs that the library is built for have pointers of 8 bytes. */
const BYTES: Record<CType, number> = { uint32: 4, int32: 4, uint64: 8, int64: 8, float: 4, double: 8, text: 8, pointer: 8 };

/** Where each member lies, and how long the struct is. */
export function placesOf(layout: Layout): { at: Record<string, number>; bytes: number } {
  const at: Record<string, number> = {};
  let end = 0;
  let widest = 1;
  for (const [name, type] of Object.entries(layout)) {
    const size = BYTES[type];
    at[name] = Math.ceil(end / size) * size;
    end = at[name] + size;
    widest = Math.max(widest, size);
  }
  return { at, bytes: Math.ceil(end / widest) * widest };
}

/** By sr_log_level. */
export const LOG_LINE_LEVELS: Record<LogLineLevel, number> = { error: 1, warn: 2, info: 3, log: 4, debug: 4 };

export const VIEW_FLAGS = { hidden: 1, focused: 2 } as const;

export const NODE_KINDS: Record<ViewNodeKind, number> = {
  text: 1,
  image: 2,
  button: 3,
  input: 4,
  password: 5,
  checkbox: 6,
  radio: 7,
  list: 8,
  menu: 9,
  item: 10,
  "scroll-area": 11,
  custom: 12,
};

export const NODE_FLAGS = {
  disabled: 1,
  focused: 2,
  selected: 4,
  checked: 8,
  bold: 16,
  italic: 32,
  monospace: 64,
  multiline: 512,
  masked: 1024,
  partial: 2048,
} as const;

/** Flags, too. */
export const ALIGNMENTS = { center: 128, right: 256 } as const;

/** By sr_masking_level. */
export const MASK_LEVELS = { conservative: 0, medium: 1, light: 2 };

export const POINTER_KINDS: Record<PointerKind, number> = {
  move: 1,
  down: 2,
  up: 3,
  click: 4,
  "double-click": 5,
  "context-menu": 6,
  "touch-start": 7,
  "touch-move": 8,
  "touch-end": 9,
};

/** A file's MIME type stands for "encoded". */
export const FRAME_FORMATS: Record<FrameFormat, number> = {
  rgba: 1,
  bgra: 2,
  argb: 3,
  abgr: 4,
  rgb: 5,
  bgr: 6,
  rgb565: 7,
  "image/png": 8,
  "image/jpeg": 8,
  "image/webp": 8,
};
export const ENCODED = 8;

export const FRAME_FLAGS = { bottomUp: 1, masksKnown: 2 } as const;

export const MASK_KINDS = { hide: 0, onTop: 1 } as const;
