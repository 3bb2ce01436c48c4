// Lists in a configuration, as a host may give them. One that can't be understood was meant to keep something in or out: so
// nothing is kept of what it is for, and the host is told.

/** Is told what is wrong, in a sentence. */
export type Complain = (problem: string) => void;

/** A text is a list of one; null: this is no list of texts. */
export function listOf(given: unknown, name: string, complain: Complain): string[] | null {
  if (given === undefined || given === null) return [];
  const list: unknown[] = Array.isArray(given) ? given : [given];
  if (list.every((item) => typeof item === "string")) return list as string[];
  complain(`loggingConfig: ${name} must be a list of texts: nothing of what it is for is recorded until it is`);
  return null;
}
