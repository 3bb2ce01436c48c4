// Copies the run-time files.
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { runtimeFiles } from "./runtime-files.js";
import type { Target } from "./target.js";

/**
 * Copies the run-time files for a system into a folder, which is made if need be, and returns the copies' paths. Nothing
 * is copied where one of them is missing: then it throws, as `runtimeFiles` does.
 */
export function copyRuntimeFiles(folder: string, target?: Target): string[] {
  const files = runtimeFiles(target);
  mkdirSync(folder, { recursive: true });
  return files.map((file) => {
    const copy = resolve(join(folder, basename(file)));
    if (copy === file) return copy;
    // Written over, a library that a process is using would crash it.
    rmSync(copy, { force: true });
    copyFileSync(file, copy);
    return copy;
  });
}
