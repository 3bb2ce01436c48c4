// Apps as their developers have them: an example, and beside it what npm installed.
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../../../support/children.mjs";
import { libraryPath, project } from "../../../support/paths.mjs";
import { ELECTRON_VERSION } from "./electron-distribution.mjs";

const nodePackage = join(project, "bindings/node");
/** Where npm put the packagers. */
export const toolsFolder = join(project, "tests/npm/packagers");
const tools = join(toolsFolder, "node_modules");
const { version, peerDependencies } = JSON.parse(readFileSync(join(nodePackage, "package.json"), "utf8"));

/** Packs what was built, with the tests' own library; answers with the archive's path. */
export async function packPackage(folder) {
  const cwd = join(folder, "to-pack");
  for (const part of ["dist", "esm", "scripts", "package.json", "README.md"]) {
    cpSync(join(nodePackage, part), join(cwd, part), { recursive: true });
  }
  await command(process.execPath, ["scripts/copy-library.mjs", libraryPath], { cwd });
  await command("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd });
  return join(folder, `session-replay-native-${version}.tgz`);
}

/**
 * Makes an app of a folder in examples/electron, with the packed package and this koffi installed. Its tools are found in the
 * folder above, as in a workspace. A package among the `devDependencies` is in no packed app.
 */
export async function makeApp(workspace, example, archive, { koffi = "koffi", dependencies = "dependencies" } = {}) {
  const app = join(workspace, "app");
  const isSource = (path) => !/[\\/](node_modules|package-lock\.json|dist|out)$/.test(path);
  cpSync(join(project, "examples/electron", example), app, { recursive: true, filter: isSource });
  symlinkSync(tools, join(workspace, "node_modules"), "junction");
  const manifest = JSON.parse(readFileSync(join(app, "package.json"), "utf8"));
  delete manifest.dependencies;
  manifest[dependencies] = { ...manifest[dependencies], "session-replay-native": version };
  // A peer is the app's own to name.
  if (peerDependencies.koffi) manifest[dependencies].koffi = peerDependencies.koffi;
  writeFileSync(join(app, "package.json"), JSON.stringify(manifest));
  await install(archive, koffi, join(app, "node_modules"));
  return app;
}

/** Puts the packed package and koffi into a node_modules, as `npm install` does. */
async function install(archive, koffi, modules) {
  const own = join(modules, "session-replay-native");
  mkdirSync(own, { recursive: true });
  await command("tar", ["-xzf", archive, "--strip-components=1", "-C", own]);
  cpSync(join(tools, koffi), join(modules, "koffi"), { recursive: true });
  // koffi 2 has its addons in its own package.
  if (koffi === "koffi") {
    for (const name of readdirSync(join(tools, "@koromix"))) {
      cpSync(join(tools, "@koromix", name), join(modules, "@koromix", name), { recursive: true });
    }
  }
  // Forge looks for Electron's package, and what that needs, in the app's own folder: it leaves them out of the app.
  mkdirSync(join(modules, "electron"));
  writeFileSync(join(modules, "electron/package.json"), JSON.stringify({ name: "electron", version: ELECTRON_VERSION }));
}
