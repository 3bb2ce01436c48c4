// Wraps a function of the page so that the page does not notice: its name, length, properties, `this` and what it returns
// or throws are as before. It is never unwrapped: others may have wrapped it since.

type Method = (this: unknown, ...given: unknown[]) => unknown;

/** Calls the function as the page did, and returns or throws what it does. */
export type Proceed = () => unknown;

const { apply, get } = Reflect;
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { toString } = Function.prototype;

/**
 * Has `around` called in place of `holder[name]`; it must call `proceed` once, and throw nothing of its own. false: there is
 * no such function, or it can't be replaced.
 */
export function wrapMethod(
  holder: object,
  name: string | symbol,
  around: (proceed: Proceed, self: unknown, given: unknown[], method: Method) => unknown,
): boolean {
  try {
    const own = getOwnPropertyDescriptor(holder, name);
    if (typeof own?.value !== "function" || !(own.writable || own.configurable)) return false;
    const method = own.value as Method;
    defineProperty(holder, name, { ...own, value: wrapperOf(method, around) });
    return true;
  } catch {
    return false;
  }
}

function wrapperOf(method: Method, around: Parameters<typeof wrapMethod>[2]): Method {
  // A proxy's own text would be "function () { [native code] }", without the name.
  const text: Method = new Proxy(toString as Method, {
    apply: (target, self, given) => apply(target, self === wrapper ? method : self, given) as string,
  });
  const handler: ProxyHandler<Method> = {
    apply: (target, self, given) =>
      around(() => apply(target, self, given) as unknown, self, given, handler.apply as Method),
    get: (target, key) => {
      const value: unknown = get(target, key);
      return value === toString ? text : value;
    },
  };
  const wrapper = new Proxy(method, handler);
  return wrapper;
}
