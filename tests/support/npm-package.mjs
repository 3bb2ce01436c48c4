// The npm packages as users get them: packed, and installed in an empty folder without the network; or copied, for tests that need
// many of them. This one finds its library in the package of this system.
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { command } from "./children.mjs";
import { libraryPath, project } from "./paths.mjs";

export const nodePackage = join(project, "bindings/node");
/** This system, as its package's name ends. The tests run on none with musl. */
export const HERE = `${process.platform}-${process.arch}`;
const PLATFORM_PACKAGE = `session-replay-native-${HERE}`;

/**
 * Packs what was built, and beside it the package of this system with the tests' own library; answers with the path of the first
 * archive. In a copy, and without building anything, since other tests run what is there.
 */
export async function pack(folder) {
  // It reads what was built, which not each test that copies the package has.
  const { layOutMainPackage, layOutPlatformPackage } = await import("../../bindings/node/scripts/pack.mjs");
  const [main, platform] = [join(folder, "to-pack"), join(folder, "to-pack-library")];
  layOutMainPackage(main);
  layOutPlatformPackage(platform, HERE, libraryPath);
  await npmPack(platform, folder);
  return npmPack(main, folder);
}

/** The archive of this system's package, which lies beside the other. */
export const platformArchive = (archive) => join(dirname(archive), basename(archive).replace("session-replay-native", PLATFORM_PACKAGE));

/** Installs both archives, and koffi as it stands in the package's node_modules, in an empty folder; no script runs. */
export async function install(archive, folder) {
  const modules = join(nodePackage, "node_modules");
  const natives = existsSync(join(modules, "@koromix")) ? readdirSync(join(modules, "@koromix")) : [];
  const archives = [archive, platformArchive(archive)];
  for (const name of ["koffi", ...natives.map((one) => `@koromix/${one}`)]) {
    archives.push(await npmPack(join(modules, name), folder));
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
  // A cache of its own: npm unpacks there, and another npm that runs meanwhile would be in its way.
  const options = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", join(folder, "cache")];
  await command("npm", ["install", ...options, ...archives], { cwd: folder });
}

/** Unpacks both archives into a folder node_modules, as npm does. */
export async function unpackInto(modules, archive) {
  await unpack(archive, join(modules, "session-replay-native"));
  await unpack(platformArchive(archive), join(modules, PLATFORM_PACKAGE));
}

/** Unpacks an archive into a folder of its own. */
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
    const prebuilds = join(copy, "prebuilds", HERE);
    mkdirSync(prebuilds, { recursive: true });
    cpSync(libraryPath, join(prebuilds, "session_replay.node"));
  }
  for (const name of packages) cpSync(join(nodePackage, "node_modules", name), join(modules, name), { recursive: true });
  return copy;
}

/** Packs a package's folder into another one, and answers with the archive's path. */
export async function npmPack(cwd, folder) {
  mkdirSync(folder, { recursive: true });
  const output = await command("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd });
  return join(folder, output.trim().split("\n").at(-1));
}
