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

  /** To be called before rrweb wraps the same functions; returns how to undo it. */
  watch(): () => void {
    const undo = WRAPPED.flatMap(([type, names]) => {
      const prototype = (globalThis as unknown as Record<string, { prototype: Record<string, Method> } | undefined>)[
        type
      ]?.prototype;
      return prototype ? names.map((name) => this.wrap(prototype, name)) : [];
    });
    return () => undo.forEach((step) => step());
  }

  /** Whether the page caused it, and so has to see it. */
  has(error: unknown): boolean {
    return typeof error === "object" && error !== null && this.thrown.has(error);
  }

  private wrap(prototype: Record<string, Method>, name: string): () => void {
    const native = prototype[name];
    if (typeof native !== "function") return () => {};
    const { thrown } = this;
    const watched = new Proxy(native, {
      apply(target, self, values) {
        try {
          return Reflect.apply(target, self, values) as unknown;
        } catch (error) {
          if (typeof error === "object" && error !== null) thrown.add(error);
          throw error;
        }
      },
    });
    prototype[name] = watched;
    return () => {
      if (prototype[name] === watched) prototype[name] = native;
    };
  }
}
