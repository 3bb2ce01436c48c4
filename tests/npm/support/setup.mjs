// What all tests share, made once for a run: the packed packages, installed once from a registry, and Electron's contract.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { command } from "../../support/children.mjs";
import { nodePackage, pack } from "../../support/npm-package.mjs";
import { startOwnRegistry } from "../../support/npm-registry.mjs";
import { installElectron } from "./electron.mjs";
import { tools } from "./tools.mjs";

const { version } = JSON.parse(readFileSync(join(nodePackage, "node_modules/koffi/package.json"), "utf8"));
/**
 * The koffi that the package's own lock file names, and no newer one, for an app's package.json: a release of koffi must not
 * change what this suite finds. npm and bun take the first, Yarn the other; pnpm has a file
 * of its own for it.
 */
export const PINNED = { overrides: { koffi: version }, resolutions: { koffi: version } };

const at = (folder) => ({
  /** It has the archives of our packages, for a registry. */
  folder,
  cache: join(folder, "cache"),
  /** An app that has the package. */
  installed: join(folder, "installed"),
  /** What the package's own command copies for bundles. */
  runtimeFiles: join(folder, "runtime-files"),
  /** Apps in it find the suite's tools, too. */
  apps: join(folder, "apps"),
  /** What the tools have built. */
  built: join(folder, "built"),
  /** Programs in it find "electron", and no other package. */
  places: join(folder, "places"),
});

export async function makeSetup() {
  const setup = at(mkdtempSync(join(tmpdir(), "session-replay-npm-")));
  await pack(setup.folder);
  for (const folder of [setup.apps, setup.built, setup.places]) mkdirSync(folder);
  symlinkSync(tools, join(setup.apps, "node_modules"), "junction");
  await installElectron(setup.places);
  write(setup.installed, { "package.json": JSON.stringify({ name: "shop", version: "1.0.0", private: true, ...PINNED }) });
  const registry = await startOwnRegistry(setup.folder);
  await npm(setup, setup.installed, "install", "--registry", registry.url, "session-replay-native");
  await registry.stop();
  await npm(setup, setup.installed, "exec", "--no", "--", "session-replay-native", "copy", setup.runtimeFiles);
  return setup;
}

/** What is set up in this run, for the tests of a file: made by run.mjs for all files, or for this one alone. */
export async function useSetup() {
  const shared = process.env.SR_NPM_SETUP;
  if (shared) return at(shared);
  const setup = await makeSetup();
  after(() => rmSync(setup.folder, { recursive: true }));
  return setup;
}

/** npm, with a cache that all tests share. */
export const npm = (setup, cwd, ...args) =>
  command("npm", ["--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline", "--cache", setup.cache, ...args], { cwd });

/** An app for one tool, with the package installed. */
export function makeApp(setup, name, files) {
  const folder = join(setup.apps, name);
  cpSync(setup.installed, folder, { recursive: true, verbatimSymlinks: true });
  write(folder, files);
  return folder;
}

/** Programs with the package's folder node_modules beside them, and no other. */
export function makePlace(setup, files) {
  const folder = mkdtempSync(join(setup.places, "shop-"));
  cpSync(setup.installed, folder, { recursive: true, verbatimSymlinks: true });
  write(folder, files);
  return folder;
}

/** Writes files, by their paths in a folder. */
export function write(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
