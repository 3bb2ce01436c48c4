// Notices that the page's address changes without a load: pushState, replaceState, the fragment, back and forward.

import { listen } from "../dom/listeners";

/** Called with the address that it was before. */
type Listener = (before: string) => void;

const listeners = new Set<Listener>();
let last = "";

/** Calls back at each change, for the life of the page. */
export function onAddressChange(listener: Listener): void {
  if (listeners.size === 0) install();
  listeners.add(listener);
}

/** Looks at the address now, for what no event tells of. */
export function checkAddress(): void {
  const { href } = location;
  if (href === last) return;
  const before = last;
  last = href;
  for (const listener of listeners) listener(before);
}

/** Whether each change is noticed when it happens; else some only with {@link checkAddress}. */
export const seesAllChanges = (): boolean => navigationOf()?.currentEntry != null;

function install(): void {
  last = location.href;
  listen(window, "popstate", checkAddress);
  listen(window, "hashchange", checkAddress);
  // Its events reach every world of a page, such as that of a preload script. In a page without an origin there are none.
  const navigation = navigationOf();
  if (navigation) listen(navigation, "currententrychange", checkAddress);
  if (!seesAllChanges()) watchHistory();
}

/** The Navigation API, which not every web view has. */
const navigationOf = () => (window as { navigation?: EventTarget & { currentEntry: unknown } }).navigation;

/** Calls of the page's own world; none of them is seen from another. */
function watchHistory(): void {
  const { prototype } = History;
  for (const name of ["pushState", "replaceState"] as const) {
    prototype[name] = new Proxy(prototype[name], {
      apply(method, target, given) {
        const result: unknown = Reflect.apply(method, target, given);
        try {
          checkAddress();
        } catch {
          // The page goes on.
        }
        return result;
      },
    });
  }
}
