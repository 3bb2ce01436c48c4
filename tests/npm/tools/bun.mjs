// bun as a bundler, by its command.
const bun = (what, format, entry) => ({
  tool: "bun build",
  package: "@oven/bun-linux-x64",
  what,
  command: ["@oven/bun-linux-x64/bin/bun", "build", "src/main.js", "--target=node", `--format=${format}`, "--external=electron", `--outfile=dist/${entry}`],
  output: "dist",
  entry,
});

export const builds = [bun("CommonJS", "cjs", "main.cjs"), bun("ES module", "esm", "main.mjs")];
