// JSON whatever the page did to the prototypes: old libraries give arrays and strings a `toJSON` of their own.

const { stringify } = JSON;
const hasOwn = Object.prototype.hasOwnProperty;
const PROTOTYPES = [Object, Array, String, Number].map(({ prototype }) => prototype as { toJSON?: unknown });

export function toJson(value: unknown): string {
  const changed = PROTOTYPES.filter((prototype) => hasOwn.call(prototype, "toJSON"));
  if (changed.length === 0) return stringify(value);
  const saved = changed.map((prototype) => Object.getOwnPropertyDescriptor(prototype, "toJSON"));
  try {
    for (const prototype of changed) delete prototype.toJSON;
    return stringify(value);
  } finally {
    changed.forEach((prototype, i) => Object.defineProperty(prototype, "toJSON", saved[i] as PropertyDescriptor));
  }
}
