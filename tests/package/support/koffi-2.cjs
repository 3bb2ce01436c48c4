// Loaded before a program (`--require`): `require("koffi")` gives the oldest koffi that the package says it works with.
const Module = require("node:module");

const oldest = require.resolve("koffi-2");
const { _resolveFilename: resolve } = Module;
Module._resolveFilename = function (request, ...rest) {
  return request === "koffi" ? oldest : resolve.call(this, request, ...rest);
};
