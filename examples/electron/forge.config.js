// Electron Forge without a bundler: `npx electron-forge package`. Why each line is there: docs/guide/bundlers.md, "Packagers".
module.exports = {
  packagerConfig: {
    asar: true,
    // The two templates beside this app are no part of it.
    ignore: [/^\/forge-(vite|webpack)/, /^\/electron-builder\.yml$/],
  },
  plugins: [{ name: "@electron-forge/plugin-auto-unpack-natives", config: {} }],
};
