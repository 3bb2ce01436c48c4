// The system that files are wanted for.
import { thisSystem, type Libc, type System } from "../locating/system.js";
import { invalid } from "../model/errors.js";

/**
 * A system; what is left out is as where this runs. But a Linux that is named is one with glibc, also where this runs on musl, unless
 * `libc` says otherwise: packagers name it, and Electron runs on no other.
 */
export interface Target {
  /** As `process.platform` has it: "linux", "darwin", "win32". The packagers' "mas", the Mac App Store's, is understood, too. */
  platform?: string | undefined;
  /** As `process.arch` has it: "x64", "arm64". The packagers' "armv7l" is understood, too. */
  arch?: string | undefined;
  /** Of Linux: "glibc" or "musl". */
  libc?: string | undefined;
}

const LIBCS: readonly string[] = ["glibc", "musl"] satisfies Libc[];
/** What packagers call by a name of their own. */
const ARCHITECTURES: Readonly<Record<string, string>> = { armv7l: "arm" };
const PLATFORMS: Readonly<Record<string, string>> = { mas: "darwin" };
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
  const system = PLATFORMS[named.platform] ?? named.platform;
  return {
    platform: system as NodeJS.Platform,
    arch: ARCHITECTURES[named.arch] ?? named.arch,
    libc: libcOf(system, libc, platform === undefined ? host.libc : undefined),
  };
}

/** Only Linux has a choice. `hosts`: that of this system, where this system's is meant. */
function libcOf(platform: string, libc: string | undefined, hosts: Libc | undefined): Libc | undefined {
  if (libc !== undefined && !LIBCS.includes(libc)) {
    throw invalid(`"libc" must be "glibc" or "musl", but is ${JSON.stringify(libc)}`);
  }
  if (platform === "linux") return (libc ?? hosts ?? "glibc") as Libc;
  if (libc === "musl") throw invalid(`"libc" is "musl", which ${platform} has not: only linux has`);
  return undefined;
}
