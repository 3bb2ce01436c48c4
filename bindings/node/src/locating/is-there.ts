// Whether a file is there, as far as this process may know.
import { existsSync, statSync } from "node:fs";

/** With --permission, some versions of Node.js throw for what may not be read. */
export function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}

export type Kind = "file" | "folder" | "other";

/** What is there; `undefined`: nothing, as far as this process may know. Opening a pipe would wait for somebody who writes into it. */
export function kindOf(path: string): Kind | undefined {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return "file";
    return stats.isDirectory() ? "folder" : "other";
  } catch {
    return undefined;
  }
}
