// Whether a path lies in a folder.
import nativePath from "node:path";

/** `folder` itself counts. Both are absolute; `path`: that of the system whose paths they are. */
export function isInside(folder: string, top: string, path: typeof nativePath.posix = nativePath): boolean {
  const way = path.relative(top, folder);
  return way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
