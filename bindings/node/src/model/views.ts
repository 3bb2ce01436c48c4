// Views: the windows of a program, what is seen in them, and what the pointer and the keys do there.

/** A color as in style sheets: `#rgb`, `#rrggbb` or `#rrggbbaa`. */
export type Color = string;

/** A view: a rectangle of the app with content of one kind, a window or a part of one. Lengths are pixels. */
export interface View {
  /** Your own number for it, a whole one above 0: a window's id. 0: the desk, on which the windows lie. */
  id: number;
  /** The view that it lies in. Without it: the desk. It stays the same as long as the view is there. */
  parent?: number | undefined;
  /** The left edge, from that of the parent. */
  x: number;
  /** The upper edge, from that of the parent. */
  y: number;
  width: number;
  height: number;
  /** It lies above its siblings with a lower one; among equals, above those that were there before. */
  z?: number | undefined;
  /** What its title bar says, which lies above the rectangle. Without it: no title bar. */
  title?: string | undefined;
  background?: Color | undefined;
  /** It is not seen now: minimized, or behind another tab. */
  hidden?: boolean | undefined;
  /** Its window has the keyboard. */
  focused?: boolean | undefined;
}

/** What a node is. Lists, menus and scroll areas are only the box: what is in them are nodes of their own. */
export type ViewNodeKind =
  | "text"
  | "image"
  | "button"
  /** A field that text is typed into. What it holds is masked, but in the level "light". */
  | "input"
  /** A field for a password. What it holds is never kept, and neither is how long it is. */
  | "password"
  | "checkbox"
  | "radio"
  | "list"
  | "menu"
  | "item"
  | "scroll-area"
  | "custom";

/** One thing that is seen in a view. Lengths are pixels. */
export interface ViewNode {
  kind: ViewNodeKind;
  /** Names the node from one list to the next: a whole number above 0 that is its own in the list. */
  id?: number | undefined;
  x: number;
  y: number;
  width: number;
  height: number;
  /** The place in the list (from 0) of an earlier node, at whose edges this one is cut off, like a scroll area's. */
  clip?: number | undefined;
  /** What it says or holds. */
  text?: string | undefined;
  /** What a picture shows: a URL that begins with `data:image/`, at most 65,536 bytes. */
  image?: string | undefined;
  color?: Color | undefined;
  background?: Color | undefined;
  border?: Color | undefined;
  fontSize?: number | undefined;
  disabled?: boolean | undefined;
  focused?: boolean | undefined;
  selected?: boolean | undefined;
  checked?: boolean | undefined;
  /** The check of a box is neither set nor not, as where some of a group are chosen. It goes before `checked`. */
  partial?: boolean | undefined;
  bold?: boolean | undefined;
  italic?: boolean | undefined;
  monospace?: boolean | undefined;
  /** Where its text stands; without it: as usual for its kind. */
  align?: "center" | "right" | undefined;
  multiline?: boolean | undefined;
  /** Its text and picture are not kept, whatever the level. */
  masked?: boolean | undefined;
}

/** What the bytes of a pixel mean, in the order in which they lie in memory: `rgba` is a canvas's `ImageData`, `bgra` Electron's. */
export type PixelFormat = "rgba" | "bgra" | "argb" | "abgr" | "rgb" | "bgr" | "rgb565";
/** An image file names its MIME type. */
export type FrameFormat = PixelFormat | "image/png" | "image/jpeg" | "image/webp";

/** A rectangle of a frame, in its pixels. It may reach beyond the frame; fractions are rounded to its outside. */
export interface FrameArea {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A part of a frame of which nothing is kept. */
export interface FrameMask extends FrameArea {
  /** The other way round: it lies on top of the masks before it in the list, and is seen, like a menu over a password field. */
  onTop?: boolean | undefined;
}

/** What a view shows at a moment, as pixels. */
export interface Frame {
  /** Read during the call, without a copy; a `SharedArrayBuffer` is copied, as another thread may write to it. */
  pixels: Uint8Array | Uint8ClampedArray;
  /** A file is kept as it is, up to 2 MiB: paint over what is to be masked first. */
  format: FrameFormat;
  /** Pixels in a row. */
  width: number;
  /** Rows. */
  height: number;
  /** Bytes from the begin of a row to that of the next. Without it the rows have no gap. */
  stride?: number | undefined;
  /** Pixels of the frame in one of the view: 2 on many displays. Without it: 1. */
  scale?: number | undefined;
  /** Nothing outside of these has changed since the last frame that was handed over. Without them anything may have. */
  damage?: readonly FrameArea[] | undefined;
  /** In paint order, at most 1,024: what comes later lies on top. */
  masks?: readonly FrameMask[] | undefined;
  /** `masks` is complete, even if it is empty. In the level "conservative" a frame without it is not kept. */
  masksKnown?: boolean | undefined;
  /** The last row lies first, as OpenGL and Windows have it. */
  bottomUp?: boolean | undefined;
  /** When it was shown, in milliseconds since 1970. Without it: now. */
  timestampMs?: number | undefined;
}

/** What the pointer does. */
export type PointerKind =
  | "move"
  | "down"
  | "up"
  | "click"
  | "double-click"
  | "context-menu"
  | "touch-start"
  | "touch-move"
  | "touch-end";
