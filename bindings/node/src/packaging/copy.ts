// Copies the run-time files.
import { copyFileSync, mkdirSync, realpathSync, renameSync, rmSync } from "node:fs";
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
    if (!isSameFile(copy, file)) replace(copy, file);
    return copy;
  });
}

/** Whether the two paths lead to one file, as through the linked folders of pnpm and workspaces. */
function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    // Nothing is at one of them.
    return false;
  }
}

/**
 * Puts a copy of `file` in the place of what is at `copy`, at once: a library that is written over crashes the processes that use
 * it, and where the copying breaks off, what was there stays.
 */
function replace(copy: string, file: string): void {
  const made = `${copy}.${process.pid}.new`;
  try {
    copyFileSync(file, made);
    renameSync(made, copy);
  } catch (error) {
    rmSync(made, { force: true });
    throw error;
  }
}
