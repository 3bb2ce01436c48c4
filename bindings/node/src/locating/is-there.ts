// Whether a file is there, as far as this process may know.
import { existsSync } from "node:fs";

/** With --permission, some versions of Node.js throw for what may not be read. */
export function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}
