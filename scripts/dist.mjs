// What users download, into build/dist: `session-replay-<version>-<platform>.tar.gz` with the shared and the static library, the
// headers, the pkg-config and the CMake files, as `cmake --install` lays them out, and SHA256SUMS of all that is there.
// scripts/dist-npm.mjs makes the npm packages of them. Without an argument it is this machine's platform, built with what is here; `dist.mjs linux-arm64 …` builds for others, from Linux (scripts/dist-platforms.mjs has them). SR_CMAKE has more
// arguments for CMake.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PLATFORMS, crossArguments, finish } from "./dist-platforms.mjs";
import { writeSums } from "./dist-sums.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [, version] = /^version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));
const dist = join(root, "build/dist");
const run = (program, args, { cwd = root, env } = {}) =>
  execFileSync(program, args, { cwd, env: { ...process.env, ...env }, stdio: "inherit" });

/** Builds and packs for one platform: `cross` is how from another one, undefined for this machine's. */
function make(platform, cross) {
  const name = `session-replay-${version}-${platform}`;
  const build = join(root, "build", cross ? `dist-${platform}` : "dist-cmake");
  const { args, env } = cross ? crossArguments(root, cross) : { args: [], env: {} };
  const more = (process.env.SR_CMAKE ?? "").split(" ").filter(Boolean);
  run("cmake", ["-S", ".", "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INSTALL_LIBDIR=lib", ...args, ...more], { env });
  run("cmake", ["--build", build, "--config", "Release"], { env });
  const installed = join(dist, name);
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  run("cmake", ["--install", build, "--config", "Release", "--prefix", installed]);
  for (const file of ["LICENSE", "THIRD-PARTY-NOTICES.txt", "CHANGELOG.md"]) copyFileSync(join(root, file), join(installed, file));
  if (cross) finish(installed, cross);
  run("cmake", ["-E", "tar", "czf", `${name}.tar.gz`, name], { cwd: dist });
  writeSums(dist);

  const [system] = platform.split("-");
  const plain = { win32: "session_replay.dll", darwin: "libsession_replay.dylib" }[system] ?? "libsession_replay.so";
  const folder = join(installed, system === "win32" ? "bin" : "lib");
  if (!readdirSync(folder).includes(plain)) throw new Error(`${plain} is not in ${folder}`);
  if (system === "darwin") checkInstallName(join(folder, plain));
  console.log(join("build/dist", `${name}.tar.gz`));
}

/** A program on macOS looks for the library where LC_ID_DYLIB says: by its own rpath, and not in the folder of who built it. */
function checkInstallName(library) {
  const said = execFileSync("otool", ["-D", library], { encoding: "utf8" });
  if (!/^@rpath\/libsession_replay[.\d]*\.dylib$/m.test(said)) throw new Error(`LC_ID_DYLIB must begin with @rpath/: ${said}`);
}

const wanted = process.argv.slice(2);
if (wanted.length === 0) make(`${process.platform}-${process.arch}`);
for (const platform of wanted) {
  const cross = PLATFORMS[platform];
  if (!cross) throw new Error(`${platform} is none of ${Object.keys(PLATFORMS).join(", ")}`);
  make(platform, cross);
}
