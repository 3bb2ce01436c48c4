// The native part of koffi's package. koffi hands it to the system's loader unseen, and where it is cut short that ends the process.
import { unpacked } from "../locating/archive.js";
import { installedPackage, packageRoot } from "../locating/installed.js";
import { isThere } from "../locating/is-there.js";
import { koffiPackageFor, koffiPlaces } from "../locating/koffi-addon.js";
import { thisSystem } from "../locating/system.js";
import { howToRenew } from "./attempts.js";
import { problemOfFile } from "./binary-header.js";

/** Throws where the addon that this koffi would load can't be loaded. `file`: one of koffi's package. */
export function checkKoffiPart(file: string): void {
  const system = thisSystem();
  const koffi = packageRoot(file, "koffi");
  if (koffi === undefined) return;
  const part = koffiPlaces(system, koffi, installedPackage(koffiPackageFor(system), [koffi])).map(unpacked).find(isThere);
  const problem = part === undefined ? undefined : problemOfFile(part, system, howToRenew());
  if (problem !== undefined) throw new Error(`${problem}: ${part}`);
}
