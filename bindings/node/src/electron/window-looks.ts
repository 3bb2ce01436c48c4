// What of the windows goes into the replay, and where: decisions without I/O.
import type { PrivacyConfig } from "../model/shared/privacy.js";
import type { View } from "../model/views.js";

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** "not-recorded": it may not be, or has no preload script. */
export type PageState = "recorded" | "loading" | "not-recorded";

/** A window as Electron tells of it. */
export interface WindowLook {
  /** The id of its contents. */
  id: number;
  /** The window, and the page in it, in the coordinates that all displays share. */
  bounds: Rectangle;
  content: Rectangle;
  /** It is shown, and not minimized. */
  isShown: boolean;
  isFocused: boolean;
  isAlwaysOnTop: boolean;
  /** Counts how often windows were raised before it was. */
  raised: number;
  page: PageState;
  /** What its own title bar says of its page; `undefined`: that is not known. */
  title: string | undefined;
  /** What lies in it, from the back to the front: guests of `<webview>`s, `WebContentsView`s, and the guests in those. */
  parts: PartLook[];
}

export interface PartLook {
  /** The id of its contents. */
  id: number;
  /** The contents that it lies in: the window's, or those whose page it is a guest of. */
  parent: number;
  /** From the upper left corner of what it lies in. */
  bounds: Rectangle;
  isShown: boolean;
  page: PageState;
}

export interface TitleRules {
  appName: string;
  /** Titles of pages may be shown: {@link mayShowTitles}. */
  mayShowTitles: boolean;
}

/** Above all windows that are not always on top. */
const ALWAYS_ON_TOP = 1_000_000_000;

/** The views of a window: it, and what lies in it. Each has the id of its contents. */
export function viewsOf(look: WindowLook, rules: TitleRules): View[] {
  const { id, content, isShown, isFocused, isAlwaysOnTop, raised, parts } = look;
  const title = titleOf(look, rules);
  const window: View = {
    id,
    ...place(content),
    z: raised + (isAlwaysOnTop ? ALWAYS_ON_TOP : 0),
    hidden: !isShown,
    focused: isFocused,
    ...(title === undefined ? {} : { title }),
  };
  const inside = parts.map((part, z): View => ({ id: part.id, parent: part.parent, ...place(part.bounds), z, hidden: !part.isShown }));
  return [window, ...inside];
}

/** Only the four: Electron's objects may hold more. */
const place = ({ x, y, width, height }: Rectangle): Rectangle => ({ x, y, width: Math.max(0, width), height: Math.max(0, height) });

/** A window without a title bar of its own gets none, unless it has to say that it is empty. */
function titleOf({ bounds, content, page, title }: WindowLook, { appName, mayShowTitles }: TitleRules): string | undefined {
  if (page === "not-recorded") return `${appName}: this page is not recorded`;
  if (content.y <= bounds.y) return undefined;
  return page === "recorded" && mayShowTitles ? (title ?? appName) : appName;
}

/**
 * Whether a window may show the title of its page. The library masks titles by the level for all pages; where some pages or
 * elements are masked beyond that, only the page's recorder knows whether its title is.
 */
export const mayShowTitles = ({ urlMaskLevels, maskSelector, blockSelector }: PrivacyConfig): boolean =>
  [urlMaskLevels, maskSelector, blockSelector].every((given) => given === undefined || given.length === 0);

/** The desk: the displays that windows have been on, so that it grows only as a window comes to another one. */
export function deskOf(displays: readonly Rectangle[], shown: readonly Rectangle[], before: Rectangle | undefined): Rectangle | undefined {
  const used = displays.filter((display) => shown.some((window) => overlap(window, display)));
  return [...(before ? [before] : []), ...used].reduce<Rectangle | undefined>((all, one) => (all ? around(all, one) : place(one)), undefined);
}

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function around(a: Rectangle, b: Rectangle): Rectangle {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

/** A window with the windows that belong to it. */
export interface Family {
  id: number;
  parent: number | undefined;
}

/**
 * The windows that come to the front when this one does, from the back to the front: the outermost that it belongs to, with all
 * that belong to that one, and this one's own line last.
 */
export function raisedWith(id: number, windows: readonly Family[]): number[] {
  const parentOf = (child: number) => windows.find((window) => window.id === child)?.parent;
  const line = [id];
  for (let parent = parentOf(id); parent !== undefined && !line.includes(parent); parent = parentOf(parent)) line.unshift(parent);
  const below = (of: number, seen: readonly number[]): number[] => {
    const children = windows.filter((window) => window.parent === of && !seen.includes(window.id)).map((window) => window.id);
    const inLine = (child: number) => Number(line.includes(child));
    children.sort((a, b) => inLine(a) - inLine(b));
    return [of, ...children.flatMap((child) => below(child, [...seen, child]))];
  };
  const root = line[0] as number;
  return below(root, [root]);
}
