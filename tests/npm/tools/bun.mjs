// bun as a bundler, by its command.
import { BUN } from "../support/tools.mjs";

const bun = (use, format, entry) => ({
  tool: "bun build",
  package: BUN,
  use,
  command: [`${BUN}/bin/bun`, "build", "src/main.js", "--target=node", `--format=${format}`, "--external=electron", `--outfile=dist/${entry}`],
  output: "dist",
  entry,
});

export const builds = [bun("CommonJS", "cjs", "main.cjs"), bun("ES module", "esm", "main.mjs")];
