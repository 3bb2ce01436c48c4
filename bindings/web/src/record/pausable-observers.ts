// rrweb's mutation observers, which can be paused: while nothing is recorded the browser keeps no account of changes for
// them. rrweb has no such command, and its `stop` puts functions of the browser back over what the page put there since.

import { DOCUMENT_NODE, nodeTypeOf } from "../dom/native-dom";

const Native = window.MutationObserver;
const isNative = (value: unknown) =>
  typeof value === "function" && Function.prototype.toString.call(value).includes("[native code]");

export class Observers {
  private readonly all = new Set<Pausable>();
  private isPaused = false;
  /** Hears of each change before rrweb does, and after. */
  before: (records: MutationRecord[]) => void = () => {};
  after: () => void = () => {};

  /** Runs `work`; the observers that rrweb makes then, and from then on, can be paused. */
  during<T>(work: () => T): T {
    // A page that has put its own in place makes rrweb look for the real one elsewhere: then nothing can be paused.
    if (!isNative(Native) || !isNative(window.MutationObserver)) return work();
    const { all } = this;
    const owner = this;
    // rrweb takes the constructor of the prototype, if it looks like the browser's: a bound function does.
    const Made = Pausable.bind(null, owner, all) as unknown as typeof MutationObserver;
    const prototype = Object.create(Native.prototype, { constructor: { value: Made } }) as MutationObserver;
    Object.defineProperty(Made, "prototype", { value: prototype });
    const holder = window as unknown as Record<string, unknown>;
    const zoned = (holder["Zone"] as { __symbol__?: (name: string) => string } | undefined)?.__symbol__?.("MutationObserver");
    const names = ["MutationObserver", ...(zoned && zoned in holder ? [zoned] : [])];
    const undo = names.map((name) => {
      const own = Object.getOwnPropertyDescriptor(window, name);
      Object.defineProperty(window, name, { configurable: true, writable: true, value: Made });
      return () => own && Object.defineProperty(window, name, own);
    });
    try {
      return work();
    } finally {
      undo.forEach((step) => step());
    }
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

class Pausable extends Native {
  private roots: [Node, MutationObserverInit | undefined][] = [];

  constructor(
    private readonly owner: Observers,
    private readonly all: Set<Pausable>,
    callback: MutationCallback,
  ) {
    super((all, observer) => {
      // What is put into a document itself rrweb does not tell of, and nothing more of what is in there after that.
      const records = all.some(isOfDocument) ? all.filter((record) => !isOfDocument(record)) : all;
      if (records.length === 0) return;
      owner.before(records);
      try {
        callback(records, observer);
      } finally {
        owner.after();
      }
    });
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
