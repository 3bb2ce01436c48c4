// This package's own folder in node_modules, or none where the package is part of a bundle. Only a file of ours that lies where
// the package has it tells: a package.json above a bundle may be anybody's, as in a folder that each user may write to.
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ownFile } from "./here.js";
import { isThere } from "./is-there.js";

export const PACKAGE = "session-replay-native";
/** What locating/here.ts is compiled to. */
const MARK = "dist/locating/here.js";

/** The folder that has this file of the package: `dist/locating/here.js`, or one of `dist/module`, which bundlers take. */
export function findPackageFolder(file: string = ownFile): string | undefined {
  const part = dirname(file);
  const dist = dirname(part);
  const isOurs = basename(part) === "locating" ? basename(file) === "here.js" : basename(part) === "module" && file.endsWith(".mjs");
  if (!isOurs || basename(dist) !== "dist") return undefined;
  const folder = dirname(dist);
  return isThere(join(folder, MARK)) && nameIn(folder) === PACKAGE ? folder : undefined;
}

function nameIn(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}
