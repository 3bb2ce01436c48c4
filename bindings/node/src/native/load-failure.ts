// From what loaders say to what the reader can do. A pure decision; its table is that of the messages of Linux, macOS,
// Windows, Node.js, koffi and ffi-napi.
import { howToInstallAll } from "../locating/install-again.js";
import { koffiPackageFor } from "../locating/koffi-addon.js";
import { systemName, type System } from "../locating/system.js";

interface Case {
  system: System;
  match: RegExpExecArray;
  /** How to get files for this system. */
  renew: string;
  /** How to get a package that was left out. */
  install: string;
  /** The package with this system's library, where that was left out, too. */
  missing?: string | undefined;
}
type Explain = (given: Case) => string | undefined;

/** How to get right files in place of those of another system, as in a node_modules that was copied into a container. */
export const REINSTALL = "remove node_modules, and install again on this system";

const ADDONS_DISABLED =
  "Node.js is told to load no native addons: with --permission give it --allow-addons, too; or leave out --no-addons, " +
  "also in NODE_OPTIONS";
const SIGNATURE =
  "macOS refuses its signature: sign it with the app's own identity, or give the app the entitlement " +
  "com.apple.security.cs.disable-library-validation";

/** The first that matches counts. */
const TABLE: readonly [RegExp, string | Explain][] = [
  // Node.js
  [/loading addons is disabled|ERR_DLOPEN_DISABLED/, ADDONS_DISABLED],
  [/Access to this API has been restricted|ERR_ACCESS_DENIED/, "Node.js may not read it: with --permission give it --allow-fs-read for that folder"],
  [
    /NODE_MODULE_VERSION/,
    "it is built for another version of Node.js or Electron: run `npm rebuild`, for Electron `npx @electron/rebuild`",
  ],
  // koffi
  [
    /Cannot find the native Koffi module|Cannot find module '.*koffi\.node'/,
    ({ system, install, missing }) =>
      `koffi is here without its native part for this system (of koffi 3 the package ${koffiPackageFor(system)})` +
      `${missing === undefined ? "" : `, and the package ${missing} is not installed either`}; ${install}`,
  ],
  [/Mismatched native Koffi/, ({ install }) => `koffi and its native part have different versions; ${install}`],
  [/does not support the Node|Node-API </, "this version of Node.js is too old for koffi: use a newer one"],
  // ffi-napi
  [/External buffers are not allowed/, "ffi-napi can't run in Electron 21 and newer: use koffi"],
  [
    /No native build was found|Could not locate the bindings file|ffi_bindings\.node|Cannot find module '.*binding\.node'/,
    "ffi-napi has no build for this system: use koffi, or run `CXXFLAGS=-fpermissive npm rebuild ffi-napi ref-napi`",
  ],
  // Linux, other C libraries
  [
    /version [`'](GLIBC|GLIBCXX|CXXABI)_([\d.]+)' not found/,
    ({ match: [, name, version] }) =>
      `it needs ${name === "GLIBC" ? "glibc" : name} ${version}, and this system's is older: use a newer system, or a newer container image`,
  ],
  [
    /ld-musl-|libc\.musl-|\blibc\.so: (invalid ELF header|cannot open|file too short)/,
    ({ system, renew }) =>
      system.libc === "musl" ? undefined : `it is built for musl (Alpine Linux), and this system has glibc; ${renew}`,
  ],
  [
    /ld-linux|libc\.so\.6|Error relocating .*: symbol not found/,
    ({ system, renew }) =>
      system.libc === "musl" ? `it is built for glibc, and this system has musl (Alpine Linux); ${renew}` : undefined,
  ],
  // Another CPU, or no library at all
  [/wrong ELF class|incompatible architecture|wrong architecture|no matching architecture|Exec format error/, otherCpu],
  [/not a valid Win32 application|%1 is not/, otherCpu],
  [/invalid ELF header|not a mach-o file|no suitable image found/i, "the file is damaged, or for another system; install it again"],
  [/file too short|cannot read file data|truncated/, "the file is cut short; install it again"],
  // What the system forbids
  [/different Team IDs|code signature|library load disallowed by system policy|not valid for use in process/i, SIGNATURE],
  [/Application Control|blocked this file|contains a virus/i, "a security policy of this computer blocks it"],
  [
    /failed to map segment|Operation not permitted|cannot restore segment prot|executable stack/,
    "the system does not run code from its folder (mounted with noexec, or a security policy): move it, or allow it",
  ],
  [/Permission denied|Access is denied/, "this user may not read it: change the file's permissions"],
  // What it needs
  [
    /specified module could not be found/i,
    "it, or a library that it needs, is missing: most often the Microsoft Visual C++ Redistributable",
  ],
  [/built for (macOS|iOS) [\d.]+ which is newer than running OS/i, "it needs a newer macOS than this one"],
  [/cannot allocate memory in static TLS block/, "too many libraries are loaded before it: load session replay earlier"],
  [
    /(?:^|[\s(])(lib[^\s/:]+\.(?:so[\d.]*|dylib))(?:: cannot open shared object file|: No such file| \(needed by)/,
    ({ match: [, library] }) => (library?.startsWith("libsession_replay.") ? undefined : `it needs ${library}, which this system does not have`),
  ],
  [
    /Module did not self-register|undefined symbol|Cannot find function|symbol not found|procedure could not be found/i,
    "it is another library, or another version of this one; install session-replay-native again",
  ],
];

function otherCpu({ system, renew }: Case): string {
  return `it is built for another CPU or system than ${systemName(system)}; ${renew}`;
}

/** What a loader's message means on this system, and what to do; `undefined` where it says enough by itself. */
export function explainLoadFailure(message: string, system: System, how: Partial<Omit<Case, "system" | "match">> = {}): string | undefined {
  const { renew = REINSTALL, install = howToInstallAll("npm"), missing } = how;
  for (const [pattern, explanation] of TABLE) {
    const match = pattern.exec(message);
    if (!match) continue;
    const text = typeof explanation === "string" ? explanation : explanation({ match, system, renew, install, missing });
    if (text !== undefined) return text;
  }
  return undefined;
}
