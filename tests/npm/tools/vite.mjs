// Vite, as Electron Forge's plugin and electron-vite configure it for a main process.
import { fileURLToPath } from "node:url";

const vite5 = fileURLToPath(new URL("../support/vite5.cjs", import.meta.url));

/** What `electron-forge package` does with the files of its template, whose vite.main.config.mjs is empty. */
const forge = `
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite5";

const plugin = dirname(createRequire(import.meta.url).resolve("@electron-forge/plugin-vite"));
const { default: { default: ViteConfigGenerator } } = await import(pathToFileURL(join(plugin, "ViteConfig.js")));
const pluginConfig = { build: [{ entry: "src/main.js", config: "vite.main.config.mjs", target: "main" }], renderer: [] };
const [config] = await new ViteConfigGenerator(pluginConfig, import.meta.dirname, true).getBuildConfigs();
await build({ configFile: false, ...config });
`;

const electronVite = (use, main) => ({
  tool: "electron-vite",
  package: "electron-vite",
  use,
  files: {
    "electron.vite.config.mjs": `export default { main: ${main} };`,
    "src/main/index.js": "import '../main.js';",
  },
  command: ["electron-vite", "build"],
  output: "out",
  entry: "main/index.js",
});

export const builds = [
  {
    tool: "Electron Forge, Vite",
    package: "@electron-forge/plugin-vite",
    use: "CommonJS",
    files: {
      "package-vite.mjs": forge,
      "vite.main.config.mjs": "import { defineConfig } from 'vite';\nexport default defineConfig({});",
    },
    command: ["node", "--require", vite5, "package-vite.mjs"],
    output: ".vite/build",
    entry: "main.js",
  },
  // Its default leaves an app's dependencies in node_modules.
  { ...electronVite("as it is", "{}"), layouts: ["node_modules beside"] },
  electronVite("bundled", "{ build: { externalizeDeps: false } }"),
];
