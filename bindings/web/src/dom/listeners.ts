// Listeners that outlive `document.open`: it takes all of them away, from the document, its elements and its window.

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
  note(target, [type, listener, options]);
  addEventListener.call(target, type, listener, options);
}

/** Keeps what others listen to on these targets, from now on until the function that it returns is called. */
export function keepListeners(targets: EventTarget[]): () => void {
  const undos = targets.map((target) => {
    const own = Object.getOwnPropertyDescriptor(target, "addEventListener");
    const keeping = (...given: Added) => {
      note(target, given);
      addEventListener.apply(target, given);
    };
    Object.defineProperty(target, "addEventListener", { configurable: true, writable: true, value: keeping });
    return () => {
      if (own) Object.defineProperty(target, "addEventListener", own);
      else delete (target as { addEventListener?: unknown }).addEventListener;
    };
  });
  return () => undos.forEach((undo) => undo());
}

/** Listens again. Who listens already is not heard twice: the browser knows the same listener. */
export function listenAgain(targets: EventTarget[]): void {
  for (const target of targets) {
    for (const [type, listener, options] of added.get(target) ?? []) {
      addEventListener.call(target, type, listener, options);
    }
  }
}

function note(target: EventTarget, entry: Added): void {
  const known = added.get(target);
  if (known) known.push(entry);
  else added.set(target, [entry]);
}
