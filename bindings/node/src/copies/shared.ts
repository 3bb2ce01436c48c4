// What all copies of this package in one thread or page share: a bundle's own copy, another version in node_modules, and the
// same file that a test runner evaluates again.
//
// It hangs on the global object, under a registered symbol, which every copy finds. Not on `process`: jest gives each test
// file a deep copy of that, in which objects with private members are broken. A context of its own, as each of jest's test files
// has, has a global object of its own, and so shares nothing: what it made must not outlive it.

/** What this copy has found or made. Where the global object takes no properties, this copy at least agrees with itself. */
const found = new Map<string, unknown>();

/** The value of this name, made by whichever copy needs it first. A value of another shape needs another name. */
export function shared<Value extends object>(name: string, make: () => Value): Value {
  const key = Symbol.for(`session-replay-native.${name}`);
  let value = (found.get(name) ?? (globalThis as { [key: symbol]: unknown })[key]) as Value | undefined | null;
  // What is no object was not put there by a copy.
  if (typeof value !== "object" || value === null) Reflect.defineProperty(globalThis, key, { value: (value = make()) });
  found.set(name, value);
  return value;
}
