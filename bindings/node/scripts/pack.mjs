// Lays out what is published to npm: this package, and for each system a package with its library, which this one depends on
// optionally, so that npm installs that of its own system alone. Run `npm run build` before.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const own = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const { LIBRARY_FILE, PLATFORMS, platformPackageFor } = require("../dist/locating/package-library.js");
const { systemName } = require("../dist/locating/system.js");
const manifest = () => JSON.parse(readFileSync(join(own, "package.json"), "utf8"));

/** Each system by its name, as "linux-x64-musl". */
export const SYSTEMS = Object.fromEntries(PLATFORMS.map((system) => [systemName(system), system]));
/** The package of the system of this name. */
export const packageOf = (name) => platformPackageFor(SYSTEMS[name]);

/** What a system needs, in words. */
const NEEDS = {
  linux: ({ arch, libc }) => `Linux ${arch} with ${libc === "musl" ? "musl (Alpine Linux)" : "glibc 2.28 or newer"}`,
  darwin: ({ arch }) => `macOS ${arch}`,
  win32: ({ arch }) => `Windows ${arch}`,
};
const wordsFor = (system) => NEEDS[system.platform](system);

/** The package.json of a system's package. */
export function platformManifest(name) {
  const system = SYSTEMS[name];
  const { version, homepage, bugs, repository, license, engines } = manifest();
  return {
    name: packageOf(name),
    version,
    description: `The library of session-replay-native for ${wordsFor(system)}`,
    homepage,
    bugs,
    repository,
    license,
    engines,
    os: [system.platform],
    cpu: [system.arch],
    ...(system.libc === undefined ? {} : { libc: [system.libc] }),
    // The system's loader can't open a file in an archive.
    preferUnplugged: true,
    type: "commonjs",
    files: [LIBRARY_FILE, "THIRD-PARTY-NOTICES.txt"],
  };
}

/** The published package.json: the library comes from the packages of the systems, each of the same version. */
export function mainManifest() {
  const { devDependencies: _, allowScripts: __, scripts: ___, files, ...rest } = manifest();
  const optionalDependencies = Object.fromEntries(Object.keys(SYSTEMS).sort().map((name) => [packageOf(name), rest.version]));
  return { ...rest, files: files.filter((name) => name !== "prebuilds"), optionalDependencies };
}

/** Lays out the package of a system in a folder, with this file as its library. */
export function layOutPlatformPackage(folder, name, library) {
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, "package.json"), platformManifest(name));
  writeFileSync(join(folder, "README.md"), readme(name));
  for (const file of ["LICENSE", "THIRD-PARTY-NOTICES.txt"]) cpSync(join(own, file), join(folder, file));
  cpSync(library, join(folder, LIBRARY_FILE));
}

/** Lays out this package in a folder. */
export function layOutMainPackage(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { files, ...rest } = mainManifest();
  for (const path of [...files, "README.md", "LICENSE"]) cpSync(join(own, path), join(folder, basename(path)), { recursive: true });
  writeJson(join(folder, "package.json"), { ...rest, files });
}

/** Packs what was laid out, and answers with the archive's path. */
export function npmPack(folder, destination) {
  mkdirSync(destination, { recursive: true });
  const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", destination];
  const windows = process.platform === "win32";
  const output = execFileSync(windows ? "npm.cmd" : "npm", args, { cwd: folder, encoding: "utf8", shell: windows });
  return join(destination, output.trim().split("\n").at(-1));
}

const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);

function readme(name) {
  const { repository } = manifest();
  const address = repository.url.replace(/^git\+|\.git$/g, "");
  return `# ${packageOf(name)}

The native library of [session-replay-native](${address}/tree/main/bindings/node) for ${wordsFor(SYSTEMS[name])}.

Install \`session-replay-native\`: npm brings this package by itself where it fits.
[Where the library is looked for](${address}/blob/main/docs/guide/node.md#finding-the-library).

MIT licence. \`THIRD-PARTY-NOTICES.txt\` has the licences of what the library holds.
`;
}
