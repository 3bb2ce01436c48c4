// Where this code runs from: the package's own dist, or, where a bundler has put the package into a file of the app's, that file.
import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** `import.meta.url` in the ES module that bundlers take (scripts/build-module.mjs); a CommonJS file has `__dirname`. */
declare const OWN_URL: string;

/**
 * What the first of these names. Bundlers may leave a name that is not there when the bundle runs (webpack takes `__filename` for
 * known in an ES module), or write any text in its place, as a path of the machine that built: this must not fail. A relative one
 * says nothing: it would lead from the current folder, which may be anybody's.
 */
function firstKnown(...ways: (() => string)[]): string {
  for (const way of ways) {
    try {
      const path = way();
      if (isAbsolute(path)) return resolve(path);
    } catch {
      // The next one.
    }
  }
  return process.execPath;
}

const fileOfUrl = (): string => fileURLToPath(OWN_URL);

/** The folder. */
export const here: string = firstKnown(
  () => __dirname,
  () => dirname(fileOfUrl()),
  () => dirname(process.execPath),
);

/** The file itself: two copies of this package may share a folder. */
export const ownFile: string = firstKnown(() => __filename, fileOfUrl);
