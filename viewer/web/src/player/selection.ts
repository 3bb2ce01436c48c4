// Text in the replay can be selected while it is paused. The pointer never gets into the replay's frame, so links there lead nowhere, fields take
// nothing and the keys stay the page's: what is dragged over on this side is selected on the other. (Listeners inside would not be called: the
// frame's sandbox forbids scripts, also ours.)

/** As much of rrweb's replayer as is needed. */
interface Replayer {
  readonly iframe: HTMLIFrameElement;
  on(event: string, handler: () => void): unknown;
}

/** A place in a text of the replay. */
interface Caret {
  node: Node;
  offset: number;
}

/** A recorded page may forbid it. */
const SHEET = "* { user-select: text !important; -webkit-user-select: text !important; }";

/** Makes it so from now on; the result ends it. */
export function selectWhilePaused(replayer: Replayer): () => void {
  const { iframe } = replayer;
  const box = iframe.parentElement;
  if (!box) return () => {};
  let isPaused = false;
  let anchor: Caret | null = null;
  const become = (paused: boolean) => () => {
    isPaused = paused;
    anchor = null;
    box.classList.toggle("is-selectable", paused);
  };
  for (const event of ["pause", "finish"]) replayer.on(event, become(true));
  for (const event of ["start", "resume"]) replayer.on(event, become(false));

  box.addEventListener("pointerdown", (event) => {
    // A finger scrolls the page.
    if (!isPaused || event.button !== 0 || event.pointerType === "touch") return;
    for (const document of documentsIn(iframe)) allow(document);
    anchor = caretAt(iframe, event);
    if (anchor) box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    const focus = anchor && caretAt(iframe, event);
    if (anchor && focus) select(anchor, focus);
  });
  box.addEventListener("pointerup", () => (anchor = null));
  // What is selected on our own side would be what is copied. Twice selects a word, three times its paragraph.
  box.addEventListener("mousedown", (event) => {
    if (!isPaused || event.button !== 0) return;
    event.preventDefault();
    document.getSelection()?.empty();
    for (const document of documentsIn(iframe)) document.getSelection()?.empty();
    if (anchor && event.detail > 1) selectAround(anchor, event.detail === 2 ? "word" : "paragraph");
  });

  const copy = (event: ClipboardEvent) => copySelection(event, iframe);
  document.addEventListener("copy", copy);
  return () => document.removeEventListener("copy", copy);
}

/** The frame's document, and those of frames in it. */
function documentsIn(frame: HTMLIFrameElement): Document[] {
  const { contentDocument } = frame;
  if (!contentDocument) return [];
  return [contentDocument, ...[...contentDocument.querySelectorAll("iframe")].flatMap(documentsIn)];
}

const sheets = new WeakMap<Document, CSSStyleSheet>();

/** Adopted sheets are no nodes: the player, which compares and changes nodes, does not meet them. But a recording may replace them. */
function allow(document: Document): void {
  const view = document.defaultView;
  if (!view) return;
  const sheet = sheets.get(document) ?? new view.CSSStyleSheet();
  sheets.set(document, sheet);
  if (document.adoptedStyleSheets.includes(sheet)) return;
  sheet.replaceSync(SHEET);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Where in the replay's text the pointer is. */
function caretAt(frame: HTMLIFrameElement, { clientX, clientY }: PointerEvent): Caret | null {
  return caretIn(frame, clientX, clientY);
}

/** The same from a point of the document that the frame is in; the frame may be drawn larger or smaller than it is. */
function caretIn(frame: HTMLIFrameElement, x: number, y: number): Caret | null {
  const { contentDocument, clientLeft, clientTop, offsetWidth } = frame;
  const place = frame.getBoundingClientRect();
  const scale = offsetWidth > 0 ? place.width / offsetWidth : 0;
  if (!contentDocument || scale === 0) return null;
  const [left, top] = [(x - place.left) / scale - clientLeft, (y - place.top) / scale - clientTop];
  const inner = contentDocument.elementFromPoint(left, top);
  if (inner?.localName === "iframe") return caretIn(inner as HTMLIFrameElement, left, top);
  return caretFromPoint(contentDocument, left, top);
}

function caretFromPoint(document: Document, x: number, y: number): Caret | null {
  if (typeof document.caretPositionFromPoint === "function") {
    const position = document.caretPositionFromPoint(x, y);
    return position && { node: position.offsetNode, offset: position.offset };
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

function select(anchor: Caret, focus: Caret): void {
  // A selection stays in one document.
  if (anchor.node.ownerDocument !== focus.node.ownerDocument || !anchor.node.isConnected) return;
  anchor.node.ownerDocument?.getSelection()?.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
}

function selectAround(caret: Caret, unit: "word" | "paragraph"): void {
  const selection = caret.node.ownerDocument?.getSelection();
  if (!selection || !caret.node.isConnected) return;
  selection.collapse(caret.node, caret.offset);
  const boundary = unit === "word" ? "word" : "paragraphboundary";
  selection.modify("move", "backward", boundary);
  selection.modify("extend", "forward", boundary);
}

/** The keyboard is never in the replay's frame, so what is selected there is copied from here. */
function copySelection(event: ClipboardEvent, frame: HTMLIFrameElement): void {
  if (document.getSelection()?.toString() || event.target instanceof HTMLInputElement) return;
  const text = documentsIn(frame).map((document) => document.getSelection()?.toString()).find(Boolean);
  if (!text) return;
  event.clipboardData?.setData("text/plain", text);
  event.preventDefault();
}
