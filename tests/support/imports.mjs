// What TypeScript files import of each other, types included, and whether that goes one way.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const IMPORT = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*"(\.[^"]*)"/g;

/** By file, the files that it imports; names without `.ts`, relative to `root`. */
export function importsIn(root) {
  const files = readdirSync(root, { recursive: true }).filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
  const names = new Set(files.map((file) => file.replace(/\.ts$/, "")));
  return new Map(
    [...names].map((name) => {
      const source = readFileSync(join(root, `${name}.ts`), "utf8");
      const imported = [...source.matchAll(IMPORT)].map(([, path]) => relative(root, join(root, dirname(name), path)));
      return [name, imported.filter((other) => names.has(other))];
    }),
  );
}

/** One circle of imports, if there is any. */
export function circleIn(imports) {
  const done = new Set();
  const search = (name, path) => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return null;
    for (const other of imports.get(name)) {
      const circle = search(other, [...path, name]);
      if (circle) return circle;
    }
    done.add(name);
    return null;
  };
  for (const name of imports.keys()) {
    const circle = search(name, []);
    if (circle) return circle;
  }
  return null;
}

/** Imports that lead out of a room into one before it. `rooms` are folders, from the first that may use all others. */
export function upwardIn(imports, rooms) {
  const floorOf = (name) => (name.includes("/") ? rooms.indexOf(name.slice(0, name.indexOf("/"))) : -1);
  const found = [];
  for (const [name, others] of imports) {
    if (name.includes("/") && floorOf(name) < 0) found.push(`${name} is in no room`);
    for (const other of others) if (floorOf(other) < floorOf(name)) found.push(`${name} imports ${other}`);
  }
  return found;
}
