// The folder that this code runs from: the package's own dist, or, where a bundler has put the package into a file of the
// app's, that file's folder.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** `import.meta.url` in the ES module that bundlers take (scripts/build-module.mjs); a CommonJS file has `__dirname`. */
declare const OWN_URL: string;

export const here: string = typeof __dirname === "string" ? __dirname : dirname(fileURLToPath(OWN_URL));
