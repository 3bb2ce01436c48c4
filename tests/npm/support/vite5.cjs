// Loaded before Electron Forge (`--require`): its Vite plugin gets the Vite that its template asks for, not the newest.
const Module = require("node:module");

const vite = require.resolve("vite5");
const { _resolveFilename: resolve } = Module;
Module._resolveFilename = function (request, parent, ...rest) {
  const isPlugin = request === "vite" && /[\\/]@electron-forge[\\/]plugin-vite[\\/]/.test(parent?.filename);
  return isPlugin ? vite : resolve.call(this, request, parent, ...rest);
};
