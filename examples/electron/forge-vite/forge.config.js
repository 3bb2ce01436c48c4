// Electron Forge with its Vite template. Why each line is there: docs/guide/bundlers.md, "Packagers".
const { dirname } = require("node:path");
const { copyRuntimeFiles } = require("session-replay-native/packaging");

module.exports = {
  packagerConfig: { asar: true },
  hooks: {
    // The plugin packs nothing but what Vite built, so the run-time files go into the app's resources, beside app.asar.
    packageAfterCopy: async (_config, appFolder, _electronVersion, platform, arch) => {
      copyRuntimeFiles(dirname(appFolder), { platform, arch });
    },
  },
  plugins: [
    {
      name: "@electron-forge/plugin-vite",
      config: {
        build: [{ entry: "src/main.js", config: "vite.main.config.mjs", target: "main" }],
        renderer: [{ name: "main_window", config: "vite.renderer.config.mjs" }],
      },
    },
  ],
};
