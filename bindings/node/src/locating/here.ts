// The folder that this code runs from: the package's own dist, or, where a bundler has put the package into a file of the
// app's, that file's folder.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** `import.meta.url` in the ES module that bundlers take (scripts/build-module.mjs); a CommonJS file has `__dirname`. */
declare const OWN_URL: string;

/** Bundlers may write any text in place of either, as a path of the machine that built; so this must not fail. */
function ownFolder(): string {
  if (typeof __dirname === "string") return resolve(__dirname);
  try {
    return dirname(fileURLToPath(OWN_URL));
  } catch {
    return dirname(process.execPath);
  }
}

export const here: string = ownFolder();
