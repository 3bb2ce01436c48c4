// Objects whose members say nothing, or that have too many, as a text each. What they are is asked of the browser's own getters,
// taken before the page can replace them: one that a class of the page's has in their place is not run.

import { getAttribute, getter, localNameOf } from "../dom/native-dom";

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { getTime, toISOString } = Date.prototype;

const domGetters: Record<string, (() => unknown) | undefined> = {
  name: getOwnPropertyDescriptor(DOMException.prototype, "name")?.get,
  message: getOwnPropertyDescriptor(DOMException.prototype, "message")?.get,
};
const nativeStack = (getOwnPropertyDescriptor(new Error(), "stack") ?? getOwnPropertyDescriptor(Error.prototype, "stack"))?.get;

const typeOf = getter<string>(Event.prototype, "type");
const nodeNameOf = getter<string>(Node.prototype, "nodeName");
const hrefOf = getter<string>(URL.prototype, "href");
const sizeOfMap = getter<number>(Map.prototype, "size");
const sizeOfSet = getter<number>(Set.prototype, "size");
const sizeOfBlob = getter<number>(Blob.prototype, "size");
const typeOfBlob = getter<string>(Blob.prototype, "type");
const bytesOfBuffer = getter<number>(ArrayBuffer.prototype, "byteLength");
const bytesOfArray = getter<number>(getPrototypeOf(Uint8Array.prototype) as object, "byteLength");
const bytesOfView = getter<number>(DataView.prototype, "byteLength");
const sourceOf = getter<string>(RegExp.prototype, "source");
/** In the order in which `flags` has them. `flags` itself asks the object for each. */
const FLAGS = Object.entries({ hasIndices: "d", global: "g", ignoreCase: "i", multiline: "m", dotAll: "s", unicode: "u", unicodeSets: "v", sticky: "y" });
const flags = FLAGS.map(([name, sign]) => [getOwnPropertyDescriptor(RegExp.prototype, name)?.get, sign] as const);

/** undefined: none of these. */
export function wellKnown(value: object): string | undefined {
  if (value instanceof Error) return errorText(value);
  if (value instanceof Element) return elementText(value);
  if (value instanceof Node) return `[${nodeNameOf.call(value)}]`;
  if (value instanceof Event) return `[Event ${typeOf.call(value)}]`;
  if (value instanceof Date) return Number.isNaN(getTime.call(value)) ? "Invalid Date" : toISOString.call(value);
  if (value instanceof RegExp) return `/${sourceOf.call(value)}/${flagsOf(value)}`;
  if (value instanceof Map) return `[Map(${sizeOfMap.call(value)})]`;
  if (value instanceof Set) return `[Set(${sizeOfSet.call(value)})]`;
  if (value instanceof URL) return hrefOf.call(value);
  if (value instanceof Promise) return "[Promise]";
  if (value instanceof Blob) return `[Blob ${typeOfBlob.call(value)}, ${sizeOfBlob.call(value)} bytes]`;
  if (value instanceof ArrayBuffer) return `[${bytesOfBuffer.call(value)} bytes]`;
  if (ArrayBuffer.isView(value)) return `[${(value instanceof DataView ? bytesOfView : bytesOfArray).call(value)} bytes]`;
  if (value instanceof Window) return "[Window]";
  return undefined;
}

const flagsOf = (value: RegExp) => flags.flatMap(([has, sign]) => (has?.call(value) ? [sign] : [])).join("");

/** WebKit's stacks do not say what the error was. */
function errorText(error: Error): string {
  const [name, message] = [inherited(error, "name") || "Error", inherited(error, "message")];
  // A page that formats stacks by itself is not asked to.
  const own = getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const stack = own && (own.get || typeof own.value === "function") ? "" : stackOf(error);
  const what = `${name}: ${message}`;
  if (!stack) return what;
  return `${stack.includes(message) ? stack : `${what}\n${stack}`}\nEnd of stack for Error object`;
}

/** The text that an object, or what it inherits from, holds by this name; none where that is a getter. */
function inherited(value: object, name: string): string {
  for (let holder: object | null = value; holder; holder = getPrototypeOf(holder) as object | null) {
    const own = getOwnPropertyDescriptor(holder, name);
    if (!own) continue;
    // The browser's own errors, such as an AbortError, have theirs in getters of the browser's.
    const found: unknown = own.get && own.get === domGetters[name] ? own.get.call(value) : own.value;
    return typeof found === "string" ? found : "";
  }
  return "";
}

function stackOf(error: Error): string {
  const own = getOwnPropertyDescriptor(error, "stack") ?? getOwnPropertyDescriptor(Error.prototype, "stack");
  const found: unknown = own?.get && own.get === nativeStack ? own.get.call(error) : own?.value;
  return typeof found === "string" ? found : "";
}

function elementText(element: Element): string {
  const name = localNameOf.call(element);
  const attributes = ["id", "class"].flatMap((attribute) => {
    const value = getAttribute.call(element, attribute);
    return value ? [` ${attribute}="${value}"`] : [];
  });
  return `<${name}${attributes.join("")}>`;
}
