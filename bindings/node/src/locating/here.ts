// Where this code runs from: the package's own dist, or, where a bundler has put the package into a file of the app's, that file.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** `import.meta.url` in the ES module that bundlers take (scripts/build-module.mjs); a CommonJS file has `__dirname`. */
declare const OWN_URL: string;

/** Bundlers may write any text in place of these, as a path of the machine that built; so this must not fail. */
function fileOfUrl(): string {
  try {
    return fileURLToPath(OWN_URL);
  } catch {
    return process.execPath;
  }
}

/** The folder. */
export const here: string = typeof __dirname === "string" ? resolve(__dirname) : dirname(fileOfUrl());

/** The file itself: two copies of this package may share a folder. */
export const ownFile: string = typeof __filename === "string" ? resolve(__filename) : fileOfUrl();
