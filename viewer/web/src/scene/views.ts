// The views in the document of a scene, as the library makes it (src/views/view.rs): which there are, and why one is empty.

export interface View {
  /** The host's number for it. */
  id: string;
  /** What its title bar says. */
  title: string;
  kind: "nodes" | "pixels" | "page" | "nothing";
  width: number;
  height: number;
  /** Its window has the keyboard. */
  hasFocus: boolean;
  /** The host hid it, or a view that it lies in. */
  isHidden: boolean;
  /** Why nothing is seen in it, or not all of it; empty where all is. */
  remarks: string[];
  /** Those that lie in it. */
  inside: View[];
}

/** Says of a page's document whether something is drawn in it. */
export type IsDrawn = (document: Document) => boolean;

/** Those on the desk, what lies in front comes first. None in the document of a page. */
export function viewsOf(document: Document, isDrawn: IsDrawn): View[] {
  return document.body ? viewsIn(document.body, false, isDrawn) : [];
}

function viewsIn(parent: HTMLElement, isHidden: boolean, isDrawn: IsDrawn): View[] {
  const windows = [...parent.children].filter((child): child is HTMLElement => child.matches(".w[data-view][data-content]"));
  return windows
    .sort((a, b) => Number(b.style.zIndex) - Number(a.style.zIndex))
    .map((window) => viewOf(window, isHidden, isDrawn));
}

function viewOf(window: HTMLElement, isParentHidden: boolean, isDrawn: IsDrawn): View {
  const bar = child(window, "b");
  const isHidden = isParentHidden || isGone(window);
  const content = window.dataset["content"] ?? "";
  return {
    id: window.dataset["view"] ?? "",
    title: bar && !isGone(bar) ? (bar.textContent ?? "") : "",
    kind: KINDS.get(content) ?? "nothing",
    width: size(window.style.width),
    height: size(window.style.height),
    hasFocus: bar?.classList.contains("f") ?? false,
    isHidden,
    remarks: remarks(window, content, isParentHidden, isDrawn),
    inside: viewsIn(window, isHidden, isDrawn),
  };
}

/** No objects: a recording may say anything of a view's content, also `constructor`. */
const KINDS = new Map<string, View["kind"]>([
  ["nodes", "nodes"],
  ["pixels", "pixels"],
  ["masked", "pixels"],
  ["too-large", "pixels"],
  ["page", "page"],
]);

function remarks(window: HTMLElement, content: string, isParentHidden: boolean, isDrawn: IsDrawn): string[] {
  const said = [];
  if (isParentHidden) said.push("The view that it lies in is hidden.");
  else if (isGone(window)) said.push("The app has hidden or minimized it.");
  if (size(window.style.width) === 0 || size(window.style.height) === 0) said.push("It has no size.");
  else if (isOutside(window)) said.push("It lies outside of the desk.");
  const box = child(window, "c");
  if (box) said.push(...ofContent(box, content, isDrawn));
  return said;
}

function ofContent(box: HTMLElement, content: string, isDrawn: IsDrawn): string[] {
  if (content === "page") {
    const page = box.querySelector("iframe")?.contentDocument;
    return page && isDrawn(page) ? [] : ["Its page has no full snapshot yet: have its recorder take one."];
  }
  if (box.childElementCount === 0) return [WHY_EMPTY.get(content) ?? "Nothing was recorded in it yet."];
  // `complete` is false while one is still being decoded.
  const broken = [...box.querySelectorAll("img")].filter((image) => image.complete && image.naturalWidth === 0).length;
  return broken > 0 ? [`${broken === 1 ? "One image" : `${broken} images`} in it can't be decoded.`] : [];
}

const WHY_EMPTY = new Map([
  ["nodes", "Its list of nodes is empty."],
  ["pixels", "No frame of it was recorded yet."],
  ["masked", "Its frames are not kept: the level of masking is conservative, and they do not say what is masked (SR_FRAME_MASKS_KNOWN); or the level became stricter, and none was shown since."],
  ["too-large", "Its pixels are not kept: those of all views together do not fit into one event. Show it smaller, or close views that are gone."],
]);

const child = (window: HTMLElement, name: string) => [...window.children].find((it): it is HTMLElement => it.classList.contains(name));

/** The host's doing stands in the element's own style; what this page hides is in a sheet. */
const isGone = (element: HTMLElement) => element.style.display === "none";

const size = (value: string) => Number.parseFloat(value) || 0;

/** Whether nothing of a view on the desk is on it. */
function isOutside({ style, parentElement, ownerDocument }: HTMLElement): boolean {
  const desk = ownerDocument.defaultView;
  if (!desk || parentElement !== ownerDocument.body) return false;
  const [left, top, width, height] = [style.left, style.top, style.width, style.height].map(size) as [number, number, number, number];
  return left >= desk.innerWidth || top >= desk.innerHeight || left + width <= 0 || top + height <= 0;
}
