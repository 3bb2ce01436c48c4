// Listeners that survive `document.open`, which removes all of them from the document, its elements and its window.

type Added = [type: string, listener: EventListener, options: AddEventListenerOptions | boolean | undefined];

const { addEventListener } = EventTarget.prototype;
const added = new WeakMap<EventTarget, Added[]>();

/** Listens for the life of the page. */
export function listen(
  target: EventTarget,
  type: string,
  listener: (event: Event) => void,
  options?: AddEventListenerOptions,
): void {
  remember(target, [type, listener, options]);
  addEventListener.call(target, type, listener, options);
}

/** Remembers what others listen to on these targets, until the returned function is called. */
export function rememberListeners(targets: EventTarget[]): () => void {
  const undos = targets.map((target) => {
    const own = Object.getOwnPropertyDescriptor(target, "addEventListener");
    const remembering = (...given: Added) => {
      remember(target, given);
      addEventListener.apply(target, given);
    };
    Object.defineProperty(target, "addEventListener", { configurable: true, writable: true, value: remembering });
    return () => {
      if (own) Object.defineProperty(target, "addEventListener", own);
      else delete (target as { addEventListener?: unknown }).addEventListener;
    };
  });
  return () => undos.forEach((undo) => undo());
}

/** Adds the listeners again. One that is still there is not called twice: browsers add the same listener once. */
export function restoreListeners(targets: EventTarget[]): void {
  for (const target of targets) {
    for (const [type, listener, options] of added.get(target) ?? []) {
      addEventListener.call(target, type, listener, options);
    }
  }
}

function remember(target: EventTarget, entry: Added): void {
  const known = added.get(target);
  if (known) known.push(entry);
  else added.set(target, [entry]);
}
