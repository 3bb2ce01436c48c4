// The keyboard's focus is never lost: when what has it goes or is hidden, what has come in its place gets it, or what is nearest to where it was.

/** What Tab stops at. */
const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Makes it so from now on. */
export function keepFocus(): void {
  let last: Element | null = null;
  /** Around it, from the inside out: what has been taken out of the document knows no place any more. */
  let around: Element[] = [];
  let name = "";
  const note = () => {
    const { activeElement } = document;
    if (!activeElement || activeElement === document.body) return;
    last = activeElement;
    name = nameOf(last);
    around = [];
    for (let box = last.parentElement; box; box = box.parentElement) around.push(box);
  };
  const check = (isGone: (element: Element) => boolean) => {
    const { activeElement } = document;
    if (!last || (activeElement !== document.body && activeElement !== last) || !isGone(last)) return;
    const box = around.find((box) => box !== document.body && box.isConnected && box.checkVisibility() && target(box, name));
    last = null;
    (box ? target(box, name) : document.querySelector<HTMLElement>("main"))?.focus();
  };
  document.addEventListener("focusin", note);
  // A dialog that closes gives the focus back by itself, a moment later.
  document.addEventListener("focusout", () =>
    setTimeout(() => {
      if (document.activeElement !== document.body) return;
      check((element) => !canFocus(element));
      // Who clicks beside everything takes the focus away on purpose.
      if (document.activeElement === document.body) last = null;
    }),
  );
  // What is taken out of the document loses the focus without a word; whether something is seen is only asked where that may have changed.
  new MutationObserver((records) => {
    const isChanged = records.some(({ type }) => type === "attributes");
    check((element) => (isChanged ? !canFocus(element) : !element.isConnected));
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "disabled", "class"] });
}

/** The element that Tab comes to next after this one; `isBack`: before it. */
export function stopBeside(element: Element, isBack: boolean): HTMLElement | undefined {
  const wanted = isBack ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  const beside = stopsIn(document.body).filter((stop) => element.compareDocumentPosition(stop) & wanted);
  return isBack ? beside.at(-1) : beside[0];
}

/** Where the focus goes in a box: to what is called alike, or to the first that can have it. */
function target(box: Element, name: string): HTMLElement | undefined {
  const stops = stopsIn(box);
  // A page's main part is read from its beginning.
  if (box.localName === "main") return stops.find((stop) => nameOf(stop) === name) ?? (box as HTMLElement);
  return stops.find((stop) => nameOf(stop) === name) ?? stops[0];
}

const stopsIn = (box: Element) => [...box.querySelectorAll<HTMLElement>(STOPS)].filter((stop) => stop.tabIndex >= 0 && canFocus(stop));

const canFocus = (element: Element) => element.isConnected && element.checkVisibility() && !element.matches(":disabled");

const nameOf = (element: Element) => `${element.localName} ${element.getAttribute("aria-label") ?? element.textContent}`;
