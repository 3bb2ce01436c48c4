// Electron's archives. The system's loader can't open a file inside one; packagers put such files beside it.
import { existsSync } from "node:fs";

const ARCHIVE = /\.asar(?=[\\/])/;

/** The file that lies beside the archive in place of the one inside; the same path where there is none. */
export function unpacked(path: string): string {
  const beside = path.replace(ARCHIVE, ".asar.unpacked");
  return beside !== path && existsSync(beside) ? beside : path;
}

export const isInArchive = (path: string): boolean => ARCHIVE.test(path);
