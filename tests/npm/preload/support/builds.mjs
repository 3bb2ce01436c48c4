// How each tool builds: by its own command, or, for Electron Forge, by the configuration that its plugin generates, since
// its command would also package the app.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { command } from "../../../support/children.mjs";
import { BUN, programOf } from "../../support/tools.mjs";
import { inSuite } from "./app.mjs";

const require = createRequire(import.meta.url);

/** A build by a command line, with the programs of this suite. */
export const buildCommand = (line) => async (app) => {
  const [name, ...args] = line.trim().replace(/^npx /, "").split(/\s+/);
  await command(program(name), args, { cwd: app });
};

function program(name) {
  return programOf(name === "bun" ? `${BUN}/bin/bun` : name);
}

/** Files of Electron Forge's template, as an app gets them. */
export function forgeTemplate(name, ...files) {
  const folder = inSuite(`@electron-forge/template-${name}/tmpl`);
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

/** The configuration of a plugin in the app's forge.config.js. That file also sets Electron's fuses, which nothing here has. */
function forgePlugin(app, name) {
  const module = { exports: {} };
  const fuses = { FusesPlugin: class {}, FuseV1Options: {}, FuseVersion: {} };
  const text = readFileSync(join(app, "forge.config.js"), "utf8");
  new Function("require", "module", text)((id) => (id.includes("fuses") ? fuses : require(id)), module);
  return module.exports.plugins.find((plugin) => plugin.name === name).config;
}

export const buildWithForgeVite = (app) =>
  inFolder(app, async () => {
    const { default: Generator } = require("@electron-forge/plugin-vite/dist/ViteConfig.js");
    const config = forgePlugin(app, "@electron-forge/plugin-vite");
    const build = config.build.filter(({ target }) => target === "preload");
    const [resolved] = await new Generator({ ...config, build }, app, true).getBuildConfigs();
    // The version that the template asks for.
    const vite = await import("vite5");
    await vite.build({ ...resolved, configFile: false, logLevel: "error" });
  });

export const buildWithForgeWebpack = (app, isProduction) =>
  inFolder(app, async () => {
    const { default: Generator } = require("@electron-forge/plugin-webpack/dist/WebpackConfig.js");
    const config = forgePlugin(app, "@electron-forge/plugin-webpack");
    const configs = await new Generator(config, app, isProduction, 3000).getRendererConfig(config.renderer);
    await runWebpack(configs.find(({ output }) => output.filename.endsWith("preload.js")));
  });

export const buildWithWebpack = (app) => runWebpack({ context: app, ...require(join(app, "webpack.config.cjs")) });

async function runWebpack(config) {
  const { default: webpack } = await import("webpack");
  const stats = await new Promise((resolve, reject) => {
    webpack(config, (error, done) => (error ? reject(error) : resolve(done)));
  });
  if (stats.hasErrors()) throw new Error(stats.toString("errors-only"));
}

/** Some tools take paths from the folder in which they run. */
async function inFolder(folder, work) {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await work();
  } finally {
    process.chdir(before);
  }
}
