// rrweb's mutation observers, made pausable: while nothing is recorded the browser tracks no changes for them. rrweb has
// no such command, and its `stop` restores the browser's functions over what the page put there since.

import { DOCUMENT_NODE, nodeTypeOf } from "../dom/native-dom";

const Native = window.MutationObserver;
const isNative = (value: unknown) =>
  typeof value === "function" && Function.prototype.toString.call(value).includes("[native code]");

export class PausableObservers {
  private readonly all = new Set<PausableObserver>();
  private isPaused = false;
  /** Called before and after rrweb processes changes. */
  before: (records: MutationRecord[]) => void = () => {};
  after: () => void = () => {};

  /** Runs `work`; the observers that rrweb creates meanwhile, and from then on, can be paused. */
  during<T>(work: () => T): T {
    // On a page that has replaced the constructor rrweb takes the real one from elsewhere: then nothing can be paused.
    if (!isNative(Native) || !isNative(window.MutationObserver)) return work();
    const { all } = this;
    const owner = this;
    // rrweb takes the constructor of the prototype, if it looks like the browser's: a bound function does.
    const Bound = PausableObserver.bind(null, owner, all) as unknown as typeof MutationObserver;
    const prototype = Object.create(Native.prototype, { constructor: { value: Bound } }) as MutationObserver;
    Object.defineProperty(Bound, "prototype", { value: prototype });
    const globals = window as unknown as Record<string, unknown>;
    const zoned = (globals["Zone"] as { __symbol__?: (name: string) => string } | undefined)?.__symbol__?.("MutationObserver");
    const names = ["MutationObserver", ...(zoned && zoned in globals ? [zoned] : [])];
    const undos = names.map((name) => {
      const own = Object.getOwnPropertyDescriptor(window, name);
      Object.defineProperty(window, name, { configurable: true, writable: true, value: Bound });
      return () => own && Object.defineProperty(window, name, own);
    });
    try {
      return work();
    } finally {
      undos.forEach((undo) => undo());
    }
  }

  /** Has rrweb process what has changed and what it was not told yet. */
  drain(): void {
    for (const observer of this.all) observer.drain();
  }

  pause(): void {
    this.isPaused = true;
    for (const observer of this.all) observer.pause();
  }

  resume(): void {
    this.isPaused = false;
    for (const observer of this.all) observer.resume();
  }

  get arePaused(): boolean {
    return this.isPaused;
  }
}

const isOfDocument = ({ target }: MutationRecord) => nodeTypeOf.call(target) === DOCUMENT_NODE;

class PausableObserver extends Native {
  private readonly process: MutationCallback;
  private roots: [Node, MutationObserverInit | undefined][] = [];

  constructor(
    private readonly owner: PausableObservers,
    private readonly all: Set<PausableObserver>,
    callback: MutationCallback,
  ) {
    const process: MutationCallback = (all, observer) => {
      // rrweb ignores what is added to a document itself, and every later change inside of that.
      const records = all.some(isOfDocument) ? all.filter((record) => !isOfDocument(record)) : all;
      if (records.length === 0) return;
      owner.before(records);
      try {
        callback(records, observer);
      } finally {
        owner.after();
      }
    };
    super(process);
    this.process = process;
  }

  drain(): void {
    const records = this.takeRecords();
    if (records.length > 0) this.process(records, this);
  }

  override observe(root: Node, options?: MutationObserverInit): void {
    this.roots.push([root, options]);
    this.all.add(this);
    if (!this.owner.arePaused) super.observe(root, options);
  }

  override disconnect(): void {
    super.disconnect();
    this.roots = [];
    this.all.delete(this);
  }

  pause(): void {
    super.disconnect();
  }

  resume(): void {
    for (const [root, options] of this.roots) super.observe(root, options);
  }
}
