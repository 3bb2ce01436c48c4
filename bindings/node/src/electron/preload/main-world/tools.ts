// Injected first: what the other scripts of the page's world share. Each asks for it by an event whose name nobody else knows,
// so that nothing of it can be seen by the page.

/** A window as its scripts see it. */
export type PageWindow = Window & typeof globalThis;

export interface MainWorldTools {
  /** The browser's own getter of a property, as a function. */
  getter<T>(prototype: object, name: string): (self: object) => T;
  /**
   * Puts a proxy in the place of a method (`value`), a getter or a setter. `before` and `after` hear of the page's calls, and
   * `after` only of those that did not throw. What they throw stays here.
   */
  wrap(
    prototype: object,
    name: string,
    part: "value" | "get" | "set",
    after: (self: never, given: unknown[], result: unknown) => void,
    before?: (self: never) => void,
  ): void;
  /** Tells the preload script of something about a node that it can see: one in the document, in no closed shadow root. */
  report(node: Node, detail: string): void;
  /** Calls this with the window, and with that of each frame of the same origin once it is recorded. */
  eachWindow(install: (window: PageWindow) => void): void;
}

/** Gets them, at the beginning of a script. */
export type AskForTools = CustomEvent<{ tools?: MainWorldTools }>;

/** It runs in the page's world, so it must not use anything outside itself. */
export function offerTools(event: string): void {
  const { apply, defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Reflect;
  const { dispatchEvent, addEventListener } = EventTarget.prototype;
  const { getRootNode } = Node.prototype;
  const [Report, NativeProxy] = [CustomEvent, Proxy];
  const getter: MainWorldTools["getter"] = (prototype, name) => {
    const get = getOwnPropertyDescriptor(prototype, name)!.get as () => never;
    return (self) => apply(get, self, []) as never;
  };
  const isConnected = getter<boolean>(Node.prototype, "isConnected");
  const typeOf = getter<number>(Node.prototype, "nodeType");
  const modeOf = getter<string>(ShadowRoot.prototype, "mode");
  const hostOf = getter<Element>(ShadowRoot.prototype, "host");

  const isReachable = (node: Node) => {
    if (!isConnected(node)) return false;
    let root: Node = apply(getRootNode, node, []);
    while (typeOf(root) !== 9) {
      if (modeOf(root) !== "open") return false;
      root = apply(getRootNode, hostOf(root), []);
    }
    return true;
  };
  const report: MainWorldTools["report"] = (node, detail) => {
    if (isReachable(node)) apply(dispatchEvent, node, [new Report(event, { detail, bubbles: true, composed: true, cancelable: false })]);
  };
  const quietly = (work: () => void) => {
    try {
      work();
    } catch {
      // The page has what it asked the browser for.
    }
  };
  const wrap: MainWorldTools["wrap"] = (prototype, name, part, after, before) => {
    const own = getOwnPropertyDescriptor(prototype, name);
    const native: unknown = own?.[part];
    if (!own?.configurable || typeof native !== "function") return;
    const handler: ProxyHandler<() => unknown> = {
      apply(target, self: never, given) {
        if (before) quietly(() => before(self));
        const result: unknown = apply(target, self, given);
        quietly(() => after(self, given, result));
        return result;
      },
    };
    // A trap that the page puts into the prototype of all objects would be one of the proxy's.
    setPrototypeOf(handler, null);
    own[part] = new NativeProxy(native as () => unknown, handler) as never;
    defineProperty(prototype, name, own);
  };

  const installs: ((window: PageWindow) => void)[] = [];
  const documents: Document[] = [];
  const watchFrames = (shown: PageWindow) => {
    documents.push(shown.document);
    const onFrame = (known: Event) =>
      quietly(() => {
        const frame = (known.composedPath()[0] as HTMLIFrameElement).contentWindow as PageWindow | null;
        if (!frame || documents.includes(frame.document)) return;
        for (let i = documents.length - 1; i > 0; i--) if (!documents[i]?.defaultView) documents.splice(i, 1);
        watchFrames(frame);
        for (const install of installs) quietly(() => install(frame));
      });
    apply(addEventListener, shown.document, [`${event}-frame`, onFrame, true]);
  };
  watchFrames(window as PageWindow);
  const eachWindow: MainWorldTools["eachWindow"] = (install) => {
    installs.push(install);
    install(window as PageWindow);
  };
  const tools: MainWorldTools = { getter, wrap, report, eachWindow };
  const onAsk = (ask: Event) => void ((ask as AskForTools).detail.tools = tools);
  apply(addEventListener, document, [`${event}-tools`, onAsk, true]);
}
