// Tells the main process where the page's `<webview>`s lie. It costs nothing until there is one.
import { listen } from "../../../../web/src/index";
import { guestPlacesText, type GuestPlace } from "../guest-places.js";
import type { Link } from "./link.js";

/** After these events of its element a guest is there, or another one. They don't bubble, but are heard on their way down. */
const GUEST_EVENTS = ["did-attach", "dom-ready", "load-commit", "destroyed"];
/** After these, of anything in the page, elements may lie elsewhere. */
const LAYOUT_EVENTS = ["scroll", "transitionend", "animationend", "toggle", "fullscreenchange", "load"];
/** Scrolling moves them with each frame. */
const SETTLE_MS = 100;
/** What no event tells, like an animation that runs. */
const POLL_MS = 1_000;

/** What Electron adds to the elements in the page's own world. */
type Webview = Element & { getWebContentsId?(): number };

export class GuestWatch {
  readonly #elements = new Map<Webview, number | undefined>();
  readonly #resizes = new ResizeObserver(() => this.#schedule());
  readonly #scrolledOut = new Set<Element>();
  readonly #crossings = new IntersectionObserver((crossings) => {
    for (const { target, isIntersecting } of crossings) {
      if (isIntersecting) this.#scrolledOut.delete(target);
      else this.#scrolledOut.add(target);
    }
    this.#schedule();
  });
  #isWatching = false;
  #isScheduled = false;
  /** Until the first state, what is to be masked is not known. */
  #hasState = false;
  #sent = "[]";

  /** `askId`: has the page's world say which guest an element shows, where this one can't tell. */
  constructor(
    private readonly link: Link,
    private readonly askId: (element: Element) => number | undefined,
  ) {
    for (const name of GUEST_EVENTS) listen(document, name, this.#onGuestEvent, { capture: true });
    link.onState = () => {
      // The main process may have been told before it listened.
      this.#sent = "[]";
      this.#hasState = true;
      this.#schedule();
    };
  }

  readonly #onGuestEvent = ({ target }: Event): void => {
    if (!(target instanceof Element) || target.localName !== "webview") return;
    // Put elsewhere in the document, an element gets another guest.
    this.#elements.set(target, undefined);
    this.#resizes.observe(target);
    this.#crossings.observe(target);
    this.#watchLayout();
    this.#schedule();
  };

  #watchLayout(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const schedule = () => this.#schedule();
    for (const name of LAYOUT_EVENTS) listen(document, name, schedule, { capture: true, passive: true });
    listen(window, "resize", schedule);
    new MutationObserver(schedule).observe(document, { attributes: true, childList: true, subtree: true });
    setInterval(schedule, POLL_MS);
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#isWatching) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      this.#send();
    }, SETTLE_MS);
  }

  #send(): void {
    if (!this.#hasState) return;
    for (const element of this.#elements.keys()) if (!element.isConnected) this.#forget(element);
    const text = guestPlacesText([...this.#elements.keys()].flatMap((element) => this.#placeOf(element) ?? []));
    if (text === this.#sent) return;
    this.#sent = text;
    this.link.sendGuests(text);
  }

  #placeOf(element: Webview): GuestPlace | undefined {
    const id = this.#elements.get(element) ?? this.#idOf(element);
    if (id === undefined || this.link.recorder.isWithheld(element)) return undefined;
    this.#elements.set(element, id);
    const style = getComputedStyle(element);
    const bounds = contentBox(element.getBoundingClientRect(), style);
    const hasRoom = bounds.width > 0 && bounds.height > 0;
    return { id, bounds, isShown: hasRoom && style.visibility === "visible" && !this.#scrolledOut.has(element) };
  }

  #idOf(element: Webview): number | undefined {
    try {
      return element.getWebContentsId ? element.getWebContentsId() : this.askId(element);
    } catch {
      // Its guest is not attached yet.
      return undefined;
    }
  }

  #forget(element: Element): void {
    this.#elements.delete(element);
    this.#resizes.unobserve(element);
    this.#crossings.unobserve(element);
    this.#scrolledOut.delete(element);
  }
}

/** The guest lies within the border and the padding of its element. */
function contentBox({ x, y, width, height }: DOMRect, style: CSSStyleDeclaration): GuestPlace["bounds"] {
  const edge = (side: string) =>
    (parseFloat(style.getPropertyValue(`border-${side}-width`)) || 0) + (parseFloat(style.getPropertyValue(`padding-${side}`)) || 0);
  const [left, top] = [edge("left"), edge("top")];
  return { x: x + left, y: y + top, width: width - left - edge("right"), height: height - top - edge("bottom") };
}
