// Electron's contract for a program that runs under Node.js: the module "electron", and `process.resourcesPath`.
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { project } from "../../support/paths.mjs";
import { fixturePath } from "./fixtures.mjs";

/** Puts the module where the programs of this folder, and of those in it, find it. */
export async function installElectron(folder) {
  const source = join(project, "bindings/node/test/electron/support/electron.mjs");
  await build({
    entryPoints: [fixturePath("electron.js")],
    outfile: join(folder, "node_modules/electron/index.js"),
    bundle: true,
    platform: "node",
    format: "cjs",
    define: { "import.meta.url": JSON.stringify(pathToFileURL(source)) },
    logLevel: "warning",
  });
}

/** How Node.js is started in Electron's place. */
export const electronIn = (folder, resourcesPath) => ({
  args: ["--require", fixturePath("resources-path.cjs")],
  env: { SHOP_RESOURCES_PATH: resourcesPath, SHOP_USER_DATA: mkdtempSync(join(folder, "user-data-")) },
});
