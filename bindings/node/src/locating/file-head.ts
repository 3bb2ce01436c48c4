// The first bytes of a file: enough for what executables and libraries say of themselves.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const HEAD_BYTES = 4096;

export interface FileHead {
  head: Buffer;
  /** The whole file's, in bytes. */
  fileSize: number;
}

/** `undefined`: it can't be read. */
export function readHead(file: string): FileHead | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    const head = Buffer.alloc(HEAD_BYTES);
    const length = readSync(descriptor, head);
    return { head: head.subarray(0, length), fileSize: fstatSync(descriptor).size };
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
