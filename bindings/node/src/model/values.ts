// Values of unknown type, and how messages describe them.

/** Warns of a value that is changed or ignored. */
export type Warn = (what: string) => void;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What has its members where JSON does not look: JSON makes {} of it. */
export const isCollection = (value: unknown): boolean => value instanceof Map || value instanceof Set;

/** Whether it has a member of its own by this name: what somebody has put on `Object.prototype` is none of it. */
export const hasOwn = <T extends object, K extends PropertyKey>(value: T, key: K): value is Extract<T, { [name in K]?: unknown }> =>
  Object.hasOwn(value, key);

/** Such a member; `undefined` where it has none. */
export const ownMember = <T extends object, K extends keyof T>(value: T, key: K): T[K] | undefined =>
  Object.hasOwn(value, key) ? value[key] : undefined;

const MAX_SHOWN_LENGTH = 80;

/** A value as it may be written in a sentence. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > MAX_SHOWN_LENGTH ? `${value.slice(0, MAX_SHOWN_LENGTH)}…` : value);
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  if (typeof value === "bigint") return `${String(value).slice(0, MAX_SHOWN_LENGTH)}n`;
  if (value === undefined) return "undefined";
  return Array.isArray(value) ? "a list" : `of the type ${typeof value}`;
}
