// The platforms whose archives are made on Linux (scripts/dist.mjs), and how CMake and cargo build for them.
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * `rust`: cargo's target. `gnu`: the prefix of the GNU tools for it. `glibc`: the oldest that the library runs with. Linux's are
 * linked by zig, which knows each glibc, and musl.
 */
export const PLATFORMS = {
  "linux-x64": { rust: "x86_64-unknown-linux-gnu", gnu: "x86_64-linux-gnu", glibc: "2.28" },
  "linux-arm64": { rust: "aarch64-unknown-linux-gnu", gnu: "aarch64-linux-gnu", glibc: "2.28" },
  "linux-x64-musl": { rust: "x86_64-unknown-linux-musl", gnu: "x86_64-linux-gnu" },
  "linux-arm64-musl": { rust: "aarch64-unknown-linux-musl", gnu: "aarch64-linux-gnu" },
  "win32-x64": { rust: "x86_64-pc-windows-gnu", gnu: "x86_64-w64-mingw32", windows: true },
};

/** CMake's arguments and the environment of a build. */
export function crossArguments(root, { rust, gnu, glibc, windows }) {
  const target = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "cross");
  const args = [
    `-DCMAKE_SYSTEM_NAME=${windows ? "Windows" : "Linux"}`,
    `-DCMAKE_SYSTEM_PROCESSOR=${rust.split("-")[0]}`,
    `-DCMAKE_C_COMPILER=${gnu}-gcc`,
    `-DSESSION_REPLAY_RUST_TARGET=${rust}`,
    `-DSESSION_REPLAY_TARGET_DIR=${target}`,
  ];
  if (windows) {
    const name = rust.replaceAll("-", "_");
    const linker = `CARGO_TARGET_${name.toUpperCase()}_LINKER`;
    return { args, env: { [linker]: `${gnu}-gcc`, [`CC_${name}`]: `${gnu}-gcc`, [`AR_${name}`]: `${gnu}-ar` } };
  }
  args.push(`-DSESSION_REPLAY_CARGO=${join(root, "scripts/cross/cargo-zig.sh")}`);
  return { args, env: { SR_GLIBC: glibc ?? "", PATH: `${join(target, "tools/bin")}:${process.env.PATH}` } };
}

/** What a build on another system leaves to be done. */
export function finish(installed, { gnu, windows }) {
  if (windows) importLibrary(join(installed, "bin/session_replay.dll"), join(installed, "lib"), gnu);
}

/** Makes the import library of MSVC in a folder, of the names that the library exports; answers with where it is. */
export function importLibrary(dll, folder, gnu) {
  const table = execFileSync(`${gnu}-objdump`, ["-p", dll], { encoding: "utf8", maxBuffer: 1 << 26 });
  const names = [...new Set(table.match(/\bsr_\w+$/gm))].sort();
  if (names.length < 20) throw new Error(`${dll} exports only ${names}`);
  const definition = join(folder, "session_replay.def");
  writeFileSync(definition, `LIBRARY session_replay.dll\nEXPORTS\n${names.map((name) => `  ${name}\n`).join("")}`);
  const library = join(folder, "session_replay.dll.lib");
  rmSync(library, { force: true });
  execFileSync("llvm-dlltool", ["-m", "i386:x86-64", "-d", definition, "-D", "session_replay.dll", "-l", library], { stdio: "inherit" });
  return library;
}
