// The package that is tested.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** A program that npm installed into this folder. */
export const binary = (folder, name) => join(folder, "node_modules", ".bin", name);
