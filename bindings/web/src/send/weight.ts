// How large what waits is, without writing it.

const { values } = Object;

/** What a number, a name or a node costs beside its texts. */
const VALUE_LENGTH = 8;

/**
 * About as many characters as the value has in JSON; no more than a little above `enough` is counted. For plain data without
 * circles.
 */
export function weightOf(value: unknown, enough: number): number {
  let weight = 0;
  const todo = [value];
  while (todo.length > 0 && weight <= enough) {
    const next = todo.pop();
    weight += typeof next === "string" ? next.length : VALUE_LENGTH;
    if (typeof next !== "object" || next === null) continue;
    for (const member of values(next)) todo.push(member);
  }
  return weight;
}
