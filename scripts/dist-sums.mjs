// SHA256SUMS of what users download.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes the checksums of all archives and npm packages that are in a folder. */
export function writeSums(folder) {
  const files = readdirSync(folder).filter((file) => /\.(tar\.gz|tgz)$/.test(file)).sort();
  const sums = files.map((file) => `${createHash("sha256").update(readFileSync(join(folder, file))).digest("hex")}  ${file}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
}
