// rollup, by its command, with the two plugins that an app with packages needs.
const rollup = (use, format, entry) => ({
  tool: "rollup",
  package: "rollup",
  use,
  command: ["rollup", "src/main.js", "-f", format, "-o", `dist/${entry}`, "-e", "electron", "-p", "node-resolve", "-p", "commonjs"],
  output: "dist",
  entry,
});

export const builds = [rollup("CommonJS", "cjs", "main.cjs"), rollup("ES module", "es", "main.mjs")];
