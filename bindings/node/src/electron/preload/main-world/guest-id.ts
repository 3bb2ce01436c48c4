// Asks the page's world which guest a `<webview>` shows: only there the element has Electron's methods.
import { listen } from "../../../../../web/src/index";
import type { Link } from "../link.js";
import { runInMainWorld } from "./run.js";

export function askGuestId(link: Link): (element: Element) => number | undefined {
  const event = `session-replay-guest-${link.document}`;
  let answer: number | undefined;
  listen(document, `${event}-is`, (report) => void (answer = Number((report as CustomEvent).detail)), { capture: true });
  runInMainWorld(reportGuestId, event);
  return (element) => {
    answer = undefined;
    element.dispatchEvent(new CustomEvent(event));
    return answer;
  };
}

/** Injected into the page's world: answers which guest an element shows, while the question is being asked. */
function reportGuestId(event: string): void {
  const answer = ({ target }: Event) => {
    try {
      const id = (target as unknown as { getWebContentsId(): number }).getWebContentsId();
      (target as Element).dispatchEvent(new CustomEvent(`${event}-is`, { detail: String(id) }));
    } catch {
      // Its guest is not attached yet.
    }
  };
  document.addEventListener(event, answer, true);
}
