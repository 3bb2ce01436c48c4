// Tells the page's own errors from rrweb's. rrweb wraps functions that the page calls, and hands whatever they throw to
// its error handler: what the browser itself threw has to reach the page, what rrweb threw must not.

type Method = (this: unknown, ...values: unknown[]) => unknown;

/** The functions of the page that rrweb wraps together with its own work. */
const WRAPPED: [string, string[]][] = [
  ["CSSStyleSheet", ["insertRule", "deleteRule", "replace", "replaceSync"]],
  ["CSSGroupingRule", ["insertRule", "deleteRule"]],
  ["CSSStyleDeclaration", ["setProperty", "removeProperty"]],
];

export class PageErrors {
  private readonly thrown = new WeakSet<object>();
  private isWatching = false;

  /** `wrote` hears of what a script has written into a style sheet. */
  constructor(private readonly wrote: (sheet: CSSStyleSheet, text: string, isAll: boolean) => void) {}

  /** To be called before rrweb wraps the same functions. For the life of the page: others may wrap them, too. */
  watch(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    for (const [type, names] of WRAPPED) {
      const types = globalThis as unknown as Record<string, { prototype: Record<string, Method> } | undefined>;
      const prototype = types[type]?.prototype;
      if (prototype) for (const name of names) this.wrap(prototype, name);
    }
  }

  /** Whether the page caused it, and so has to see it. */
  has(error: unknown): boolean {
    return typeof error === "object" && error !== null && this.thrown.has(error);
  }

  private wrap(prototype: Record<string, Method>, name: string): void {
    const native = prototype[name];
    if (typeof native !== "function") return;
    const { thrown } = this;
    const isWriting = ["insertRule", "replace", "replaceSync"].includes(name);
    prototype[name] = new Proxy(native, {
      apply: (target, self, values) => {
        try {
          const result: unknown = Reflect.apply(target, self, values);
          if (isWriting) this.note(self, values[0], name !== "insertRule");
          return result;
        } catch (error) {
          if (typeof error === "object" && error !== null) thrown.add(error);
          throw error;
        }
      },
    });
  }

  private note(self: unknown, text: unknown, isAll: boolean): void {
    try {
      if (typeof text === "string" && self instanceof CSSStyleSheet) this.wrote(self, text, isAll);
    } catch {
      // The page's sheet is as the page wants it.
    }
  }
}
