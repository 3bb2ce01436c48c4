// Apps as their developers have them: an example, and beside it what npm installed.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KOFFI, nodePackage, unpackInto } from "../../../support/npm-package.mjs";
import { project } from "../../../support/paths.mjs";
import { tools } from "../../support/tools.mjs";
import { ELECTRON_VERSION } from "./electron-distribution.mjs";

const { version } = JSON.parse(readFileSync(join(nodePackage, "package.json"), "utf8"));

/** The packages of koffi as npm installs them, and the folder that has them. koffi 2 has its addons in its own package. */
const KOFFIS = {
  3: { from: join(nodePackage, "node_modules"), packages: KOFFI.map((name) => [name, name]) },
  2: { from: tools, packages: [["koffi-2", "koffi"]] },
};

/**
 * Makes an app of a folder in examples/electron, with the packed package and this major version of koffi installed. Its
 * tools are found in the folder above, as in a workspace. A package among the `devDependencies` is in no packed app.
 */
export async function makeApp(workspace, example, archive, { koffi = 3, dependencies = "dependencies" } = {}) {
  const app = join(workspace, "app");
  const isSource = (path) => !/[\\/](node_modules|package-lock\.json|dist|out)$/.test(path);
  cpSync(join(project, "examples/electron", example), app, { recursive: true, filter: isSource });
  symlinkSync(tools, join(workspace, "node_modules"), "junction");
  const manifest = JSON.parse(readFileSync(join(app, "package.json"), "utf8"));
  delete manifest.dependencies;
  manifest[dependencies] = { ...manifest[dependencies], "session-replay-native": version };
  writeFileSync(join(app, "package.json"), JSON.stringify(manifest));
  await install(archive, koffi, join(app, "node_modules"));
  return app;
}

/** Puts the packed packages and koffi into a node_modules, as `npm install` does. */
async function install(archive, koffi, modules) {
  await unpackInto(modules, archive);
  const { from, packages } = KOFFIS[koffi];
  for (const [name, as] of packages) cpSync(join(from, name), join(modules, as), { recursive: true });
  // Forge looks for Electron's package, and what that needs, in the app's own folder: it leaves them out of the app.
  mkdirSync(join(modules, "electron"));
  writeFileSync(join(modules, "electron/package.json"), JSON.stringify({ name: "electron", version: ELECTRON_VERSION }));
}
