// The package that is tested.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** A program that npm installed into this folder. */
export const binary = (folder, name) => join(folder, "node_modules", ".bin", name);

/** koffi's addon for this system. */
export function koffiAddon() {
  const root = join(packageFolder, "node_modules/@koromix");
  const wanted = join(`${process.platform}_${process.arch}`, "koffi.node");
  return join(root, readdirSync(root, { recursive: true }).find((file) => file.endsWith(wanted)));
}
