// The rules that options of one kind share: numbers in bounds, booleans, and what is said where a value was changed.
import { show, type Warn } from "../model/values.js";

/** The smallest and the largest value, both allowed. */
export type Bounds = readonly [min: number, max: number];

/** Reads an option: the value as the library takes it, or `undefined` to leave it out. */
export type Read = (value: unknown, warn: Warn) => unknown;

/** A number, or a text or BigInt that is one; NaN where it is none. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
}

export const clamp = (value: number, [min, max]: Bounds): number => Math.min(max, Math.max(min, value));

/** Returns the value that is used, and warns where it is not the one that was given. */
export function used<T>(name: string, given: unknown, value: T, rule: string, warn: Warn): T {
  if (given !== value) warn(`option "${name}" is ${show(given)}: ${show(value)} is used (${rule})`);
  return value;
}

/** What JavaScript takes for true. */
export function truth(name: string): Read {
  return (value, warn) => used(name, value, Boolean(value), "true or false", warn);
}

/** A whole number; what is no finite number is left out, as in the browser SDK. */
export function whole(name: string, bounds: Bounds): Read {
  return (value, warn) => {
    const number = toNumber(value);
    const rule = wholeRule(bounds);
    if (!Number.isFinite(number)) return void warn(`option "${name}" is ${show(value)}, and not ${rule}: ignored`);
    return used(name, value, Math.round(clamp(number, bounds)), rule, warn);
  };
}

export const wholeRule = ([min, max]: Bounds): string => `a whole number from ${min} to ${max}`;

/** Narrows to a value of a closed list. */
export const isOneOf = <Choice extends string>(choices: readonly Choice[], value: unknown): value is Choice =>
  (choices as readonly unknown[]).includes(value);

/** `; did you mean "sampleRate"?`, where one of the names differs only in case or punctuation. */
export function suggestionFor(given: string, names: Iterable<string>): string {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, "");
  for (const name of names) if (plain(name) === plain(given)) return `; did you mean "${name}"?`;
  return "";
}
