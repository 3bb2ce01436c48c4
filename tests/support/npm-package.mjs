// The npm package as users get it: packed, and installed in an empty folder without the network; or copied, for tests that need
// many of it.
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { command } from "./children.mjs";
import { libraryPath, project } from "./paths.mjs";

export const nodePackage = join(project, "bindings/node");
/** What is in no archive, or only as the tests have it. */
const LEFT_OUT = new Set(["node_modules", "prebuilds", "test"]);

/**
 * Packs what was built, with the tests' own library, and answers with the path of the archive. In a copy, and without
 * building anything, since other tests run what is there.
 */
export async function pack(folder) {
  const cwd = join(folder, "to-pack");
  cpSync(nodePackage, cwd, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  await command(process.execPath, ["scripts/copy-library.mjs", libraryPath], { cwd });
  return npmPack(cwd, folder);
}

/** Installs the archive, and koffi as it stands in the package's node_modules, in an empty folder; no script runs. */
export async function install(archive, folder) {
  const modules = join(nodePackage, "node_modules");
  const natives = existsSync(join(modules, "@koromix")) ? readdirSync(join(modules, "@koromix")) : [];
  const archives = [archive];
  for (const name of ["koffi", ...natives.map((one) => `@koromix/${one}`)]) {
    archives.push(await npmPack(join(modules, name), folder));
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
  // A cache of its own: npm unpacks there, and another npm that runs meanwhile would be in its way.
  const options = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", join(folder, "cache")];
  await command("npm", ["install", ...options, ...archives], { cwd: folder });
}

/** Unpacks the archive into a folder of its own, as npm does. */
export async function unpack(archive, folder) {
  mkdirSync(folder, { recursive: true });
  await command("tar", ["-xzf", archive, "--strip-components=1", "-C", folder]);
}

/** koffi, with its addon's package. */
export const KOFFI = ["koffi", "@koromix"];

/**
 * Copies what was built into a folder node_modules, and packages of its own node_modules beside it: at once, without npm.
 * With the tests' own library, if wanted. Answers with the package's folder.
 */
export function copyPackage(modules, { library = false, packages = [] } = {}) {
  const copy = join(modules, "session-replay-native");
  for (const part of ["dist", "esm", "package.json"]) cpSync(join(nodePackage, part), join(copy, part), { recursive: true });
  if (library) {
    const prebuilds = join(copy, "prebuilds", `${process.platform}-${process.arch}`);
    mkdirSync(prebuilds, { recursive: true });
    cpSync(libraryPath, join(prebuilds, "session_replay.node"));
  }
  for (const name of packages) cpSync(join(nodePackage, "node_modules", name), join(modules, name), { recursive: true });
  return copy;
}

async function npmPack(cwd, folder) {
  mkdirSync(folder, { recursive: true });
  const output = await command("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd });
  return join(folder, output.trim().split("\n").at(-1));
}
