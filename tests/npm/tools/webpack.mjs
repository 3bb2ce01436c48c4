// webpack, by its command; and as Electron Forge's plugin and template configure it.
const config = `
module.exports = { target: "electron-main", mode: "production", entry: "./src/main.js" };
`;

const esm = `
module.exports = {
  target: "electron-main",
  mode: "production",
  entry: "./src/main.js",
  experiments: { outputModule: true },
  output: { module: true, filename: "main.mjs" },
};
`;

/** What `electron-forge package` does with the files of its template. */
const forge = `
const { join, dirname } = require("node:path");
const webpack = require("webpack");
const { default: WebpackConfigGenerator } = require("@electron-forge/plugin-webpack/dist/WebpackConfig");

const template = join(dirname(require.resolve("@electron-forge/template-webpack/package.json")), "tmpl");
const pluginConfig = { mainConfig: join(template, "webpack.main.config.js"), renderer: { entryPoints: [] } };
const generator = new WebpackConfigGenerator(pluginConfig, __dirname, true, 3000);
generator.getMainConfig().then((config) =>
  webpack(config, (error, stats) => {
    if (error) throw error;
    console.log(stats.toString({ colors: false }));
    process.exitCode = stats.hasErrors() ? 1 : 0;
  }),
);
`;

export const builds = [
  {
    tool: "webpack",
    package: "webpack",
    use: "CommonJS",
    files: { "webpack.config.cjs": config },
    command: ["webpack"],
    output: "dist",
    entry: "main.js",
  },
  {
    tool: "webpack",
    package: "webpack",
    use: "ES module",
    files: { "webpack.config.cjs": esm },
    command: ["webpack"],
    output: "dist",
    entry: "main.mjs",
  },
  {
    tool: "Electron Forge, webpack",
    package: "@electron-forge/plugin-webpack",
    use: "CommonJS",
    files: { "package-webpack.cjs": forge },
    command: ["node", "package-webpack.cjs"],
    output: ".webpack",
    entry: "main/index.js",
  },
];
