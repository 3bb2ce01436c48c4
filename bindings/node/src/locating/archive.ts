// Archives whose files Node.js shows as if they were there: Electron's, and those of Yarn. The system's loader can't open a file
// inside one. Electron's packagers put such files beside it; Yarn unpacks packages that ask for it.
import { isThere } from "./is-there.js";

const ARCHIVE = /\.asar(?=[\\/])/;

/** The file that lies beside the archive in place of the one inside; the same path where there is none. */
export function unpacked(path: string): string {
  const beside = path.replace(ARCHIVE, ".asar.unpacked");
  return beside !== path && isThere(beside) ? beside : path;
}

export type Archive = "asar" | "zip";

/**
 * The kind of archive that the path leads into, if it does. Only with Yarn's Plug'n'Play, whose archives hold a node_modules, is
 * a .zip more than a folder of that name.
 */
export function archiveOf(path: string, isPnp = process.versions["pnp"] !== undefined): Archive | undefined {
  if (ARCHIVE.test(path)) return "asar";
  return isPnp && /\.zip[\\/]node_modules[\\/]/.test(path) ? "zip" : undefined;
}
