// Reads what a host gave, member by member. Each refusal says which member, and what it must be; none holds a text of the host's.
import { invalid } from "../model/errors.js";
import { isObject, show } from "../model/values.js";

/** The number of a view. */
export function toId(what: string, id: unknown): number {
  if (Number.isSafeInteger(id) && (id as number) >= 0) return id as number;
  throw invalid(`${what} must be a whole number, 0 to ${Number.MAX_SAFE_INTEGER}, but is ${typeof id === "number" ? id : typeof id}`);
}

/** The number of a word of a closed list. */
export function toChoice(what: string, word: unknown, choices: Record<string, number>): number {
  if (typeof word === "string" && Object.hasOwn(choices, word)) return choices[word] as number;
  throw invalid(`${what} must be one of ${Object.keys(choices).join(", ")}, but is ${show(word)}`);
}

/** Milliseconds since 1970; 0: now. */
export function toTimestamp(what: string, timestampMs: unknown): number {
  if (timestampMs === undefined || timestampMs === null) return 0;
  if (typeof timestampMs === "number" && Number.isSafeInteger(Math.trunc(timestampMs))) return Math.trunc(timestampMs);
  throw invalid(`${what} must be milliseconds since 1970`);
}

/** Reads the members of an object of the host's. */
export class Given {
  readonly #members: Record<string, unknown>;

  constructor(
    private readonly where: string,
    given: unknown,
    what: string,
    known: ReadonlySet<string>,
  ) {
    if (!isObject(given)) throw invalid(`${where}${what} must be an object`);
    for (const name in given) if (!known.has(name)) throw invalid(`${where}there is no member ${show(name)}`);
    this.#members = given;
  }

  value(name: string): unknown {
    return this.#members[name];
  }

  number(name: string): number {
    const value = this.value(name);
    return typeof value === "number" ? value : this.refuse(name, "a number");
  }

  finite(name: string): number {
    const value = this.value(name);
    return Number.isFinite(value) ? (value as number) : this.refuse(name, "a number that is neither NaN nor infinite");
  }

  /** A whole number in these bounds, 0 where there is none. */
  within(name: string, least: number, most: number): number {
    const value = this.value(name) ?? 0;
    const isWithin = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
    return isWithin ? (value as number) : this.refuse(name, `a whole number, ${least} to ${most}`);
  }

  /** C ends a text at NUL: what a browser makes of that stands in its place. */
  text(name: string, maxUnits = Infinity): string | null {
    const value = this.value(name);
    if (value == null) return null;
    if (typeof value !== "string") return this.refuse(name, "a text");
    const text = value.length > maxUnits ? value.slice(0, maxUnits) : value;
    return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
  }

  choice(name: string, choices: Record<string, number>): number {
    const value = this.value(name);
    return value == null ? 0 : toChoice(`${this.where}"${name}"`, value, choices);
  }

  /** As 0xAARRGGBB; 0: none was given. */
  color(name: string): number {
    const value = this.value(name);
    if (value == null) return 0;
    const hex = typeof value === "string" ? /^#([\da-f]{3}|[\da-f]{6}|[\da-f]{8})$/i.exec(value)?.[1] : undefined;
    if (hex === undefined) return this.refuse(name, "a color like #1a2b3c or #1a2b3c80");
    const long = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
    // In C 0 means "as usual", and is no color: another one that nobody sees stands for it.
    return parseInt((long.slice(6) || "ff") + long.slice(0, 6), 16) || 1;
  }

  /** 1 + the place of an earlier node; 0: none. */
  clip(place: number): number {
    const clip = this.value("clip");
    if (clip == null) return 0;
    if (Number.isInteger(clip) && (clip as number) >= 0 && (clip as number) < place) return (clip as number) + 1;
    return this.refuse("clip", "the place of an earlier node in the list");
  }

  flags(flags: Record<string, number>): number {
    let set = 0;
    for (const name in flags) if (this.value(name)) set |= flags[name] as number;
    return set;
  }

  refuse(name: string, wanted: string): never {
    throw invalid(`${this.where}"${name}" must be ${wanted}`);
  }
}
