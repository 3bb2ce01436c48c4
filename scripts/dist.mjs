// What users download, into build/dist: `session-replay-<version>-<platform>.tar.gz` with the shared and the static library, the
// headers, the pkg-config and the CMake files, as `cmake --install` lays them out, and SHA256SUMS of all archives there. The
// shared library also goes into the npm package's prebuilds/. Without an argument it is this machine's platform, built with what
// is here; `dist.mjs linux-arm64 …` builds for others, from Linux (scripts/dist-platforms.mjs has them). SR_CMAKE has more
// arguments for CMake.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PLATFORMS, crossArguments, finish } from "./dist-platforms.mjs";

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

  writeSums();

  const [system] = platform.split("-");
  const plain = { win32: "session_replay.dll", darwin: "libsession_replay.dylib" }[system] ?? "libsession_replay.so";
  const folder = join(installed, system === "win32" ? "bin" : "lib");
  if (!readdirSync(folder).includes(plain)) throw new Error(`${plain} is not in ${folder}`);
  run(process.execPath, [join(root, "bindings/node/scripts/copy-library.mjs"), realpathSync(join(folder, plain)), platform]);
  console.log(join("build/dist", `${name}.tar.gz`));
}

/** The checksums of all archives that are there. */
function writeSums() {
  const archives = readdirSync(dist).filter((file) => file.endsWith(".tar.gz"));
  const sums = archives.map((file) => `${createHash("sha256").update(readFileSync(join(dist, file))).digest("hex")}  ${file}\n`);
  writeFileSync(join(dist, "SHA256SUMS"), sums.join(""));
}

const wanted = process.argv.slice(2);
if (wanted.length === 0) make(`${process.platform}-${process.arch}`);
for (const platform of wanted) {
  const cross = PLATFORMS[platform];
  if (!cross) throw new Error(`${platform} is none of ${Object.keys(PLATFORMS).join(", ")}`);
  make(platform, cross);
}
