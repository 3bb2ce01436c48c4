// What users download for this platform, into build/dist: `session-replay-<version>-<platform>.tar.gz` with the shared and the
// static library, the headers, the pkg-config and the CMake files, as `cmake --install` lays them out. The shared library
// also goes into the npm package's prebuilds/. SR_CMAKE has more arguments for CMake.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [, version] = /^version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));
const platform = `${process.platform}-${process.arch}`;
const name = `session-replay-${version}-${platform}`;
const dist = join(root, "build/dist");
const build = join(root, "build/dist-cmake");
const run = (program, args, cwd = root) => execFileSync(program, args, { cwd, stdio: "inherit" });

const more = (process.env.SR_CMAKE ?? "").split(" ").filter(Boolean);
run("cmake", ["-S", ".", "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INSTALL_LIBDIR=lib", ...more]);
run("cmake", ["--build", build, "--config", "Release"]);
const installed = join(dist, name);
rmSync(installed, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
run("cmake", ["--install", build, "--config", "Release", "--prefix", installed]);
for (const file of ["LICENSE", "THIRD-PARTY-NOTICES.txt", "CHANGELOG.md"]) copyFileSync(join(root, file), join(installed, file));
run("cmake", ["-E", "tar", "czf", `${name}.tar.gz`, name], dist);

const plain = { win32: "session_replay.dll", darwin: "libsession_replay.dylib" }[process.platform] ?? "libsession_replay.so";
const folder = join(installed, process.platform === "win32" ? "bin" : "lib");
if (!readdirSync(folder).includes(plain)) throw new Error(`${plain} is not in ${folder}`);
run(process.execPath, [join(root, "bindings/node/scripts/copy-library.mjs"), realpathSync(join(folder, plain)), platform]);
console.log(join("build/dist", `${name}.tar.gz`));
