// How large what waits is, without writing it.

const hasOwn = Object.prototype.hasOwnProperty;

/** What a number, a name or a node costs beside its texts. */
const VALUE_LENGTH = 8;

/**
 * About as many characters as the object has in JSON; no more than a node above `enough` is counted. For plain data without
 * circles.
 */
export function weightOf(object: object, enough: number): number {
  let weight = VALUE_LENGTH;
  const objects: object[] = [object];
  for (let next = objects.pop(); next && weight <= enough; next = objects.pop()) {
    // A list of its names or values would be made for each node.
    if (Array.isArray(next)) for (let i = 0; i < next.length; i++) add(next[i]);
    else for (const name in next) if (hasOwn.call(next, name)) add((next as Record<string, unknown>)[name]);
  }
  return weight;

  function add(member: unknown): void {
    weight += typeof member === "string" ? member.length : VALUE_LENGTH;
    if (typeof member === "object" && member !== null) objects.push(member);
  }
}
