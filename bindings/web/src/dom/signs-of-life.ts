// What a user does with a page: heard before anybody else hears it, and only from a user.

import { listen } from "./listeners";

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

/** Calls `onSign` with each sign of a user in this window, for the life of its document, also before other listeners. */
export function listenForSigns(window: Window, onSign: () => void): void {
  const hear = (event: Event) => event.isTrusted && onSign();
  for (const sign of SIGNS) listen(window, sign, hear, { capture: true, passive: true });
}
