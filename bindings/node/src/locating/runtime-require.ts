// `require` as it is when the program runs. Bundlers don't look through it, so that what it names is never put into a bundle:
// native addons can't be.
import * as nodeModule from "node:module";
import { join } from "node:path";

/** `require` of a file in this folder. */
export const requireFrom = (folder: string): NodeJS.Require => nodeModule.createRequire(join(folder, "session-replay-native.js"));

/** The file that a request names from this folder; `undefined`: none. */
export function resolveFrom(request: string, folder: string): string | undefined {
  try {
    return requireFrom(folder).resolve(request);
  } catch {
    return undefined;
  }
}
