// Where koffi's addon lies for a system.
import { join } from "node:path";
import { KOFFI_FILE } from "./places.js";
import type { System } from "./system.js";

/** What koffi's folders call an architecture, where that is not Node.js's name; an older koffi has names of its own. */
const ARCHITECTURES: Readonly<Record<string, readonly string[]>> = {
  arm: ["armhf", "arm32"],
  ia32: ["ia32", "i386"],
  riscv64: ["riscv64d", "riscv64"],
  ppc64: ["ppc64le"],
};

/** koffi 3's package for a system; one for both C libraries. */
export const koffiPackageFor = ({ platform, arch }: System): string => `@koromix/koffi-${platform}-${arch}`;

/** Where the addon may be: in the system's own package, as koffi 3 has it, or among all of koffi 2's. */
export function koffiPlaces(system: System, koffi: string, platformPackage: string | undefined): string[] {
  const prefix = system.libc === "musl" ? "musl" : system.platform;
  const folders = [...(platformPackage === undefined ? [] : [platformPackage]), join(koffi, "build/koffi")];
  const architectures = ARCHITECTURES[system.arch] ?? [system.arch];
  return folders.flatMap((folder) => architectures.map((arch) => join(folder, `${prefix}_${arch}`, KOFFI_FILE)));
}
