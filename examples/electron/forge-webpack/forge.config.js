// Electron Forge with its webpack template. Why each line is there: docs/guide/bundlers.md, "Packagers".
const { dirname } = require("node:path");
const { copyRuntimeFiles } = require("session-replay-native/packaging");

module.exports = {
  packagerConfig: { asar: true },
  hooks: {
    // The plugin packs nothing but what webpack built, so the run-time files go into the app's resources, beside app.asar.
    packageAfterCopy: async (_config, appFolder, _electronVersion, platform, arch) => {
      copyRuntimeFiles(dirname(appFolder), { platform, arch });
    },
  },
  plugins: [
    { name: "@electron-forge/plugin-auto-unpack-natives", config: {} },
    {
      name: "@electron-forge/plugin-webpack",
      config: {
        mainConfig: "./webpack.main.config.js",
        renderer: {
          config: "./webpack.renderer.config.js",
          entryPoints: [{ html: "./src/index.html", js: "./src/renderer.js", name: "main_window" }],
        },
      },
    },
  ],
};
