// esbuild, by its command.
const esbuild = (use, entry, ...more) => ({
  tool: "esbuild",
  package: "esbuild",
  use,
  command: ["esbuild", "src/main.js", "--bundle", "--platform=node", "--external:electron", `--outfile=dist/${entry}`, ...more],
  output: "dist",
  entry,
});

export const builds = [
  esbuild("CommonJS", "main.js"),
  esbuild("CommonJS, minified", "main.js", "--minify"),
  esbuild("ES module", "main.mjs", "--format=esm"),
];
