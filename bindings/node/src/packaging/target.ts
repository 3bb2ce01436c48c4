// The system that files are wanted for.
import { thisSystem, type Libc, type System } from "../locating/system.js";
import { invalid } from "../model/errors.js";

/** A system; what is left out is as where this runs. */
export interface Target {
  /** As `process.platform` has it: "linux", "darwin", "win32". */
  platform?: string | undefined;
  /** As `process.arch` has it: "x64", "arm64". The packagers' "armv7l" is understood, too. */
  arch?: string | undefined;
  /** Of Linux: "glibc" or "musl". */
  libc?: string | undefined;
}

const LIBCS: readonly string[] = ["glibc", "musl"] satisfies Libc[];
/** What packagers call by a name of their own. */
const ARCHITECTURES: Readonly<Record<string, string>> = { armv7l: "arm" };
/** A name, so that it can't lead to another folder. */
const NAME = /^[a-z0-9]+$/;

/** The system that is meant by `target`; throws where it names none. */
export function systemOf({ platform, arch, libc }: Target = {}, host: System = thisSystem()): System {
  const named = { platform: platform ?? host.platform, arch: arch ?? host.arch };
  for (const [key, value] of Object.entries(named)) {
    if (typeof value !== "string" || !NAME.test(value)) {
      throw invalid(`"${key}" must be a name as process.${key} has it, but is ${JSON.stringify(value)}`);
    }
  }
  if (arch === "universal") {
    throw invalid('"arch" is "universal": a universal app is put together from two, so ask for "x64" and for "arm64"');
  }
  return {
    platform: named.platform as NodeJS.Platform,
    arch: ARCHITECTURES[named.arch] ?? named.arch,
    libc: libcOf(named.platform, libc, host),
  };
}

/** Only Linux has a choice. Seen from another system, it is glibc: Electron runs on no other. */
function libcOf(platform: string, libc: string | undefined, host: System): Libc | undefined {
  if (libc !== undefined && !LIBCS.includes(libc)) {
    throw invalid(`"libc" must be "glibc" or "musl", but is ${JSON.stringify(libc)}`);
  }
  if (platform === "linux") return (libc ?? host.libc ?? "glibc") as Libc;
  if (libc === "musl") throw invalid(`"libc" is "musl", which ${platform} has not: only linux has`);
  return undefined;
}
