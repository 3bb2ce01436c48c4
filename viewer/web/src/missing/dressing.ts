// Dresses what is replayed: canvases show the pictures that the recording holds of them, and what it does not hold is said in its place.

import type { CanvasFrames, Frame } from "./frames";
import type { Missing } from "./missing";
import { blobOf } from "./picture";
import { CANVAS, sheetFor } from "./sheet";

const OWN = "data-session-replay-missing";
/** Most canvases that show pictures at once, and documents that are dressed. */
const MAX_SHOWN = 100;
const MAX_ROOTS = 100;

type Root = Document | ShadowRoot;

/** What is replayed, as far as it is needed. */
export interface Replayed {
  readonly frame: HTMLIFrameElement;
  /** What is shown of the node with this number. */
  node(id: number): Node | null;
}

export class Dressing {
  /** What each canvas shows, and its address; none where it can't be decoded. */
  private readonly shown = new Map<unknown, { frame: Frame; url: string | null }>();

  constructor(private readonly missing: Missing) {}

  /** Dresses a scene as of this time, in milliseconds since 1970. */
  dress(scene: Replayed, time: number): void {
    const main = scene.frame.contentDocument;
    if (!main || this.missing.isNothing) return;
    const { frames } = this.missing;
    const pictures = new Map<string, string>();
    const roots = rootsFrom(main);
    for (const id of this.missing.ids()) {
      const node = typeof id === "number" ? scene.node(id) : null;
      if (!node?.isConnected) continue;
      if (roots.size < MAX_ROOTS) roots.add(node.getRootNode() as Root);
      if (!frames.has(id) || pictures.size >= MAX_SHOWN) continue;
      const number = String(id);
      const canvas = node as Element;
      if (canvas.getAttribute(CANVAS) !== number) canvas.setAttribute(CANVAS, number);
      const url = this.picture(frames, id, time);
      if (url !== null) pictures.set(number, url);
    }
    for (const root of roots) dressRoot(root, pictures);
  }

  /** Lets go of the pictures. */
  destroy(): void {
    for (const { url } of this.shown.values()) if (url !== null) URL.revokeObjectURL(url);
    this.shown.clear();
  }

  /** Decodes the picture of this time, where another one is shown. */
  private picture(frames: CanvasFrames, id: unknown, time: number): string | null {
    const frame = frames.at(id, time);
    const before = this.shown.get(id);
    if (before && before.frame === frame) return before.url;
    if (before?.url) URL.revokeObjectURL(before.url);
    this.shown.delete(id);
    if (!frame) return null;
    const blob = blobOf(frame.base64);
    const url = blob && URL.createObjectURL(blob);
    this.shown.set(id, { frame, url });
    return url;
  }
}

/** The document and those of the frames in it. */
function rootsFrom(main: Document): Set<Root> {
  const roots = new Set<Root>([main]);
  for (const root of roots) {
    for (const frame of root.querySelectorAll("iframe")) {
      if (roots.size < MAX_ROOTS && frame.contentDocument?.documentElement) roots.add(frame.contentDocument);
    }
  }
  return roots;
}

function dressRoot(root: Root, pictures: ReadonlyMap<string, string>): void {
  const parent = root instanceof ShadowRoot || !("documentElement" in root) ? root : root.documentElement;
  if (!parent) return;
  const canvases = [...root.querySelectorAll("canvas")];
  const own = canvases.map((canvas) => canvas.getAttribute(CANVAS)).filter((number) => number !== null);
  const here = new Map(own.flatMap((number) => (pictures.has(number) ? [[number, pictures.get(number) as string]] : [])));
  const css = sheetFor(canvases.map((canvas) => [canvas.getAttribute("width"), canvas.getAttribute("height")]), here);
  const before = parent.querySelector(`:scope > style[${OWN}]`) ?? [...parent.children].find((child) => child.matches(`style[${OWN}]`));
  if (before?.textContent === css) return;
  if (before) {
    before.textContent = css;
    return;
  }
  const style = (parent.ownerDocument ?? document).createElement("style");
  style.setAttribute(OWN, "");
  style.textContent = css;
  parent.prepend(style);
}
