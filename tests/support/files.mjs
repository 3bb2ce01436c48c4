// What a program left in files.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Everything that is stored in a folder, as bytes in Latin-1. */
export const bytesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "latin1"))
    .join("\n");

/** Everything below a path, unpacked where it is gzip. */
export function bytesBelow(path) {
  if (!statSync(path).isDirectory()) {
    const bytes = readFileSync(path);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? Buffer.concat([bytes, gunzipSync(bytes)]) : bytes;
  }
  return Buffer.concat(readdirSync(path).map((name) => bytesBelow(join(path, name))));
}
