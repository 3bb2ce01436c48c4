// What a program left in files.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Everything that is stored in a folder, as bytes in Latin-1. */
export const bytesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "latin1"))
    .join("\n");
