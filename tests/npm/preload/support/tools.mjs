// The tools: for each the app that its documentation or template makes, and how it builds that app's preload script. All that
// the user adds comes from docs/guide/electron.md.
import { inSuite } from "./app.mjs";
import { buildCommand, buildWithForgeVite, buildWithForgeWebpack, buildWithWebpack, forgeTemplate } from "./builds.mjs";
import { named, snippet } from "./snippets.mjs";

const electronVite = (config, preloads = ["index"]) => ({
  files: (script) => ({
    "electron.vite.config.mjs": config,
    "src/main/index.js": "console.log(1);\n",
    "src/renderer/index.html": "<!doctype html>",
    ...Object.fromEntries(preloads.map((name) => [`src/preload/${name}.js`, script])),
  }),
  build: buildCommand(`node ${inSuite("electron-vite/bin/electron-vite.js")} build`),
  folder: "out/preload",
  outputs: preloads.map((name) => `${name}.js`),
});

const DOCS_ELECTRON_VITE = "electron.vite.config.mjs";
const PLAIN_ELECTRON_VITE = 'import { defineConfig } from "electron-vite";\nexport default defineConfig({ main: {}, preload: {}, renderer: {} });\n';

/** The docs' configuration in an app with two preload scripts. */
const forTwo = (config, more = "") =>
  config.replace("rolldownOptions: {", `${more} rolldownOptions: { input: ["src/preload/index.js", "src/preload/other.js"],`);

const VITE_PLUGIN_ELECTRON = `import electron from "vite-plugin-electron/simple";
const preload = { input: "electron/preload.js" };
export default { plugins: [electron({ main: { entry: "electron/main.js" }, preload })] };
`;
const vitePluginElectron = {
  files: (script) => ({
    "vite.config.mjs": VITE_PLUGIN_ELECTRON,
    "index.html": "<!doctype html>",
    "electron/main.js": "console.log(1);\n",
    "electron/preload.js": script,
  }),
  build: buildCommand(`node ${inSuite("vite/bin/vite.js")} build --logLevel error`),
  folder: "dist-electron",
  outputs: ["preload.js"],
};

const forgeVite = {
  files: (script) => ({ ...forgeTemplate("vite", "forge.config.js", "vite.preload.config.mjs"), "src/preload.js": script }),
  build: buildWithForgeVite,
  folder: ".vite/build",
  outputs: ["preload.js"],
};

const WEBPACK_FILES = ["forge.config.js", "webpack.rules.js", "webpack.main.config.js", "webpack.renderer.config.js"];
const forgeWebpack = (isProduction) => ({
  files: (script) => ({ ...forgeTemplate("webpack", ...WEBPACK_FILES), "src/preload.js": script }),
  build: (app) => buildWithForgeWebpack(app, isProduction),
  folder: ".webpack/renderer/main_window",
  outputs: ["preload.js"],
});

const plain = (build, files = {}) => ({
  files: (script) => ({ "preload.js": script, ...files }),
  build,
  folder: "out",
  outputs: ["preload.js"],
});

const rollup = (config) =>
  plain(buildCommand(`node ${inSuite("rollup/dist/bin/rollup")} --config --silent`), { "rollup.config.mjs": config });

const NEEDS_OURS = "requires session-replay-native/electron/preload";
const ESM = { type: "module" };

/**
 * The rows: each says which app, what a sandboxed window makes of the preload script that comes out ("ok", or what is wrong),
 * and, where that depends on how the app's script asks for ours, what it is with `require`.
 */
export const ROWS = [
  { tool: "electron-vite", config: "none", ...electronVite(PLAIN_ELECTRON_VITE), expected: NEEDS_OURS },
  { tool: "electron-vite", config: "the docs'", ...electronVite(snippet(DOCS_ELECTRON_VITE)), expected: "ok" },
  {
    tool: "electron-vite, type: module",
    config: "the docs'",
    ...electronVite(snippet(DOCS_ELECTRON_VITE)),
    outputs: ["index.cjs"],
    manifest: ESM,
    expected: "ok",
    // The app's script is an ES module itself.
    kinds: ["import"],
  },
  {
    tool: "electron-vite, two scripts",
    config: "the docs', isolated",
    ...electronVite(forTwo(snippet(DOCS_ELECTRON_VITE), `${named("isolatedEntries: true")},`), ["index", "other"]),
    expected: "ok",
  },
  {
    tool: "electron-vite, two scripts",
    config: "the docs'",
    ...electronVite(forTwo(snippet(DOCS_ELECTRON_VITE)), ["index", "other"]),
    expected: "several files",
  },
  { tool: "vite-plugin-electron/simple", config: "none", ...vitePluginElectron, expected: "ok" },
  {
    tool: "vite-plugin-electron/simple, type: module",
    config: "none",
    ...vitePluginElectron,
    outputs: ["preload.mjs"],
    manifest: ESM,
    expected: "ok",
    kinds: ["import"],
  },
  { tool: "Electron Forge, Vite template", config: "none", ...forgeVite, expected: "ok", expectedOfRequire: NEEDS_OURS },
  { tool: "Electron Forge, webpack template", config: "none", ...forgeWebpack(true), expected: "ok" },
  { tool: "Electron Forge, webpack template, development", config: "none", ...forgeWebpack(false), expected: "ok" },
  {
    tool: "webpack",
    config: "the docs'",
    ...plain(buildWithWebpack, { "webpack.config.cjs": snippet("webpack.preload.config.js") }),
    expected: "ok",
  },
  { tool: "rollup", config: "the docs'", ...rollup(snippet("rollup.preload.config.mjs")), expected: "ok" },
  { tool: "esbuild", config: "the docs'", ...plain(buildCommand(snippet("esbuild"))), expected: "ok" },
  { tool: "Bun", config: "the docs'", ...plain(buildCommand(snippet("Bun"))), expected: "ok" },
  {
    tool: "Bun",
    config: "none",
    ...plain(buildCommand("bun build preload.js --external electron --outfile=out/preload.js")),
    expected: "an ES module",
  },
];
