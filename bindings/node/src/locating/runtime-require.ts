// `require` as it is when the program runs. Bundlers don't look through it, so that what it names is never put into a bundle:
// native addons can't be.
import { realpathSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join, sep } from "node:path";
import { isInside } from "./inside.js";
import { isThere } from "./is-there.js";

/** `require` of a file in this folder. */
export const requireFrom = (folder: string): NodeJS.Require => nodeModule.createRequire(join(folder, "session-replay-native.js"));

/**
 * The file that a request names from this folder; `undefined`: none. Without `upTo`, Node.js looks, in the node_modules of each
 * folder above, too; with it only those from `folder` up to that one count.
 */
export function resolveFrom(request: string, folder: string, upTo?: string): string | undefined {
  if (upTo === undefined) return resolved(request, folder);
  for (let at = folder; isInside(at, upTo); at = dirname(at)) {
    const file = resolvedInside(request, at);
    if (file !== undefined) return file;
    if (at === dirname(at)) return undefined;
  }
  return undefined;
}

function resolved(request: string, folder: string): string | undefined {
  try {
    return requireFrom(folder).resolve(request);
  } catch {
    return undefined;
  }
}

/** From the folder's own node_modules: a package there that is of no use must not lead to another one above it. */
function resolvedInside(request: string, folder: string): string | undefined {
  const installed = join(folder, "node_modules", packageOf(request));
  if (!isThere(installed)) return undefined;
  const file = resolved(request, folder);
  return file !== undefined && [installed, realOf(installed)].some((root) => file.startsWith(root + sep)) ? file : undefined;
}

const packageOf = (request: string): string => request.split("/", request.startsWith("@") ? 2 : 1).join("/");

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
