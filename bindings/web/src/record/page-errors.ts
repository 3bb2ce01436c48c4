// Tells the page's own errors from rrweb's. rrweb wraps functions that the page calls, and gives whatever they throw to
// its error handler: what the browser itself threw must reach the page, and what rrweb threw must not.

type Method = (this: unknown, ...values: unknown[]) => unknown;

/** The functions of the page that rrweb wraps together with its own work. */
const WRAPPED: [string, string[]][] = [
  ["CSSStyleSheet", ["insertRule", "deleteRule", "replace", "replaceSync"]],
  ["CSSGroupingRule", ["insertRule", "deleteRule"]],
  ["CSSStyleDeclaration", ["setProperty", "removeProperty"]],
];

export class PageErrors {
  private readonly thrown = new WeakSet<object>();
  private isInstalled = false;

  /** `onWrite` is called when a script has written into a style sheet; `isAll`: nothing else is in it now. */
  constructor(private readonly onWrite: (sheet: CSSStyleSheet, text: string, isAll: boolean) => void) {}

  /** To be called before rrweb wraps the same functions. For the life of the page: others may wrap them, too. */
  install(): void {
    if (this.isInstalled) return;
    this.isInstalled = true;
    for (const [type, names] of WRAPPED) {
      const types = globalThis as unknown as Record<string, { prototype: Record<string, Method> } | undefined>;
      const prototype = types[type]?.prototype;
      if (prototype) for (const name of names) this.wrap(prototype, name);
    }
  }

  /** Whether the page caused this error, and so must get it. */
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
          if (isWriting) this.write(self, values[0], name !== "insertRule");
          return result;
        } catch (error) {
          if (typeof error === "object" && error !== null) thrown.add(error);
          throw error;
        }
      },
    });
  }

  private write(sheet: unknown, text: unknown, isAll: boolean): void {
    try {
      if (typeof text === "string" && sheet instanceof CSSStyleSheet) this.onWrite(sheet, text, isAll);
    } catch {
      // The page's sheet is as the page wants it.
    }
  }
}
