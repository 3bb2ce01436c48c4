// The first bytes of a file: enough for what executables and libraries say of themselves, and of where their other parts are.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { kindOf } from "./is-there.js";

const HEAD_BYTES = 4096;

export interface FileHead {
  head: Buffer;
  /** The whole file's, in bytes. */
  fileSize: number;
}

/** `undefined`: it can't be read, or is no file. */
export const readHead = (file: string): FileHead | undefined =>
  reading(file, (descriptor) => ({ head: bytesAt(descriptor, 0, HEAD_BYTES), fileSize: fstatSync(descriptor).size }));

/** A part of the file: less than `length` bytes where the file ends before, or can't be read. */
export const readPart = (file: string, offset: number, length: number): Buffer =>
  reading(file, (descriptor) => bytesAt(descriptor, offset, length)) ?? Buffer.alloc(0);

function bytesAt(descriptor: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
}

function reading<T>(file: string, read: (descriptor: number) => T): T | undefined {
  if (kindOf(file) !== "file") return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    return read(descriptor);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
