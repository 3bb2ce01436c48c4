// The packagers themselves, each in a process of its own, as a developer runs them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "../../../support/children.mjs";
import { programOf } from "../../support/tools.mjs";
import { ELECTRON_VERSION } from "./electron-distribution.mjs";
import { PackedApp, onlyFolderIn } from "./packed-app.mjs";

/** The Vite of Electron Forge's template. */
const vite5 = fileURLToPath(new URL("../../support/vite5.cjs", import.meta.url));

/** `electron-builder --dir` with the app's own configuration, or with this one, the text of a JavaScript file. */
export async function buildApp(app, electronFolder, config) {
  const given = [`--config.electronDist=${electronFolder}`, `--config.electronVersion=${ELECTRON_VERSION}`];
  if (config !== undefined) {
    writeFileSync(join(app, "builder.config.js"), config);
    given.push("--config", "builder.config.js");
  }
  await command(process.execPath, [programOf("electron-builder/cli.js"), "--dir", "--publish", "never", ...given], { cwd: app });
  return new PackedApp(onlyFolderIn(join(app, "dist")), nameOf(app));
}

/** `electron-forge package` with the app's own configuration; `change` is JavaScript that may change it, as `config`. */
export async function packageApp(app, electronZips, change = "") {
  const file = join(app, "forge.config.js");
  const zips = `config.packagerConfig.electronZipDir = ${JSON.stringify(electronZips)};`;
  writeFileSync(file, `${readFileSync(file, "utf8")}\n{ const config = module.exports; ${zips} ${change} }\n`);
  const program = `
    import { api } from "@electron-forge/core";
    await api.package({ dir: process.cwd(), interactive: false, outDir: ${JSON.stringify(join(app, "out"))} });`;
  await command(process.execPath, ["--require", vite5, "--input-type=module", "--eval", program], { cwd: app });
  return new PackedApp(onlyFolderIn(join(app, "out")), nameOf(app));
}

/** Bundles the app's main process into bundle.js, which its package.json names then. */
export async function bundleMain(app) {
  const options = ["--bundle", "--platform=node", "--external:electron", "--outfile=bundle.js"];
  await command(process.execPath, [programOf("esbuild/bin/esbuild"), "main.js", ...options], { cwd: app });
  const manifest = { ...manifestOf(app), main: "bundle.js" };
  writeFileSync(join(app, "package.json"), JSON.stringify(manifest));
}

const manifestOf = (app) => JSON.parse(readFileSync(join(app, "package.json"), "utf8"));
const nameOf = (app) => manifestOf(app).name;
