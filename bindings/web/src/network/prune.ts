// Leaves of a JSON value what the lists of paths say, in the browser SDK's way: "/a/b" is the member b of a, "*" any
// member, "**" any number of them; ~1 stands for a slash, ~0 for ~.

import { MAX_JSON_DEPTH } from "../model/shared";

type Path = string[];

/**
 * Takes out each value that no path of `allowlist` leads to, or one of `excludelist` does, and what is empty then. Changes
 * the value in place.
 */
export function prune(json: unknown, allowlist: readonly string[], excludelist: readonly string[]): void {
  const allowed = allowlist.map(parsePath);
  const excluded = excludelist.map(parsePath);
  const isKept = (path: Path) =>
    allowed.some((one) => leadsTo(one, path)) && !excluded.some((one) => leadsTo(one, path));
  if (isHolder(json)) pruneMembers(json, [], isKept);
}

type Holder = Record<string, unknown>;

const isHolder = (value: unknown): value is Holder => typeof value === "object" && value !== null;

function pruneMembers(holder: Holder, path: Path, isKept: (path: Path) => boolean): void {
  for (const key of Object.keys(holder)) {
    const value = holder[key];
    const inside = [...path, key];
    // What lies deeper is not kept, and not looked at.
    if (inside.length > MAX_JSON_DEPTH) {
      delete holder[key];
    } else if (isHolder(value)) {
      pruneMembers(value, inside, isKept);
      if (Object.keys(value).length === 0) delete holder[key];
    } else if (!isKept(inside)) {
      delete holder[key];
    }
  }
}

const parsePath = (text: string): Path =>
  text
    .replace(/^\//, "")
    .split("/")
    .map((part) => part.replace(/~0/g, "~").replace(/~1/g, "/"));

/** Whether a path with placeholders leads to this member. */
function leadsTo(pattern: Path, path: Path): boolean {
  // ends[j]: whether the first j members are led to by what was read of the pattern.
  let ends = [true, ...path.map(() => false)];
  for (const part of pattern) {
    const next = ends.map(() => false);
    for (let j = 0; j < ends.length; j++) {
      if (part === "**") next[j] = Boolean(ends[j]) || (j > 0 && Boolean(next[j - 1]));
      else if (j > 0) next[j] = Boolean(ends[j - 1]) && (part === "*" || part === path[j - 1]);
    }
    ends = next;
  }
  return ends[path.length] === true;
}
