// What is said of a value that a host gave, and of what was done with it.

/** Told once of each thing that is not done as the host gave it. */
export type Warn = (what: string) => void;

export function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

const MAX_SHOWN = 80;

/** A value as it may be written in a sentence. */
export function show(given: unknown): string {
  if (typeof given === "string") return JSON.stringify(given.length > MAX_SHOWN ? `${given.slice(0, MAX_SHOWN)}…` : given);
  if (typeof given === "number" || typeof given === "boolean" || given === null) return String(given);
  if (typeof given === "bigint") return `${String(given).slice(0, MAX_SHOWN)}n`;
  if (given === undefined) return "undefined";
  return Array.isArray(given) ? "a list" : `of the type ${typeof given}`;
}

/** `; did you mean "sampleRate"?`, where one of the names differs in case or signs only. */
export function hintOf(given: string, names: Iterable<string>): string {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, "");
  for (const name of names) if (plain(name) === plain(given)) return `; did you mean "${name}"?`;
  return "";
}

/** A number, or a text or BigInt that is one; NaN where it is none. */
export function numberOf(given: unknown): number {
  if (typeof given === "number") return given;
  if (typeof given === "bigint") return Number(given);
  return typeof given === "string" && given.trim() !== "" ? Number(given) : NaN;
}
