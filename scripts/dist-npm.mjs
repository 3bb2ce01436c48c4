// The npm packages, into build/dist: of each archive there a package with its library, and the package that depends on them. The
// order in which they are published, the platforms' packages first, is build/dist/npm-packages.txt. Without the argument `--some`,
// an archive that is missing is an error: a published package has to bring a library on every system that it names.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SYSTEMS, layOutMainPackage, layOutPlatformPackage, npmPack } from "../bindings/node/scripts/pack.mjs";
import { writeSums } from "./dist-sums.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [, version] = /^version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));
const dist = join(root, "build/dist");
const LIBRARIES = { win32: "bin/session_replay.dll", darwin: "lib/libsession_replay.dylib", linux: "lib/libsession_replay.so" };

const archiveOf = (name) => `session-replay-${version}-${name}.tar.gz`;
const names = Object.keys(SYSTEMS).filter((name) => existsSync(join(dist, archiveOf(name))));
const missing = Object.keys(SYSTEMS).filter((name) => !names.includes(name));
if (names.length === 0 || (missing.length > 0 && !process.argv.includes("--some"))) {
  console.error(`build/dist has no archive for ${missing.join(", ")}: \`make dist-all\` makes those of Linux and Windows, \`make dist\` this machine's`);
  process.exit(1);
}

mkdirSync(join(root, "build/npm"), { recursive: true });
const work = mkdtempSync(join(root, "build/npm/"));
const packed = names.map((name) => {
  const unpacked = join(work, name);
  mkdirSync(unpacked);
  // With an absolute path, GNU's tar on Windows would take `C:` for a host.
  execFileSync("tar", ["-xzf", `../../../dist/${archiveOf(name)}`, "--strip-components=1"], { cwd: unpacked });
  const folder = join(work, `package-${name}`);
  layOutPlatformPackage(folder, name, realpathSync(join(unpacked, LIBRARIES[SYSTEMS[name].platform])));
  return npmPack(folder, dist);
});
const main = join(work, "package");
layOutMainPackage(main);
packed.push(npmPack(main, dist));
rmSync(work, { recursive: true });

writeFileSync(join(dist, "npm-packages.txt"), packed.map((file) => `${basename(file)}\n`).join(""));
writeSums(dist);
for (const file of packed) console.log(join("build/dist", basename(file)));
