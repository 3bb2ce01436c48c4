// This package's own folder in node_modules, or none where the package is part of a bundle.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { here } from "./here.js";

export const PACKAGE = "session-replay-native";
/** How deep in the package its files are: dist/native, dist/module/electron. */
const DEPTH = 3;

/** The folder whose package.json is this package's. */
export function findPackageFolder(from: string = here): string | undefined {
  let folder = from;
  for (let i = 0; i < DEPTH; i++) {
    folder = dirname(folder);
    if (nameIn(folder) === PACKAGE) return folder;
  }
  return undefined;
}

function nameIn(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}
