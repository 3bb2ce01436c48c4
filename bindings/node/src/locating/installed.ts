// Installed packages, and what their package.json says.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { resolveFrom } from "./runtime-require.js";

/** The folder of a package, as code in one of these folders sees it; `undefined`: it is not installed. */
export function installedPackage(name: string, from: readonly string[]): string | undefined {
  for (const folder of from) {
    // koffi's "exports" don't have its package.json.
    const file = resolveFrom(`${name}/package.json`, folder) ?? resolveFrom(name, folder);
    const root = file === undefined ? undefined : packageRoot(file, name);
    if (root !== undefined) return root;
  }
  return undefined;
}

/** The folder above a file whose package.json has this name. */
export function packageRoot(file: string, name: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (manifestIn(folder)?.name === name) return folder;
  }
  return undefined;
}

export const versionIn = (folder: string): string | undefined => manifestIn(folder)?.version;

function manifestIn(folder: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string; version?: string };
  } catch {
    return undefined;
  }
}
