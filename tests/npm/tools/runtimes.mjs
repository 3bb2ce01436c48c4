// Runtimes: Node.js's own versions, as npm has them, and others.
import { BUN, programOf } from "../support/tools.mjs";

const node = (name) => ({ tool: "Node.js", package: name, program: programOf(`${name}/bin/node`) });

export const runtimes = [
  node("node-16"),
  node("node-18"),
  { tool: "Node.js", version: process.versions.node, program: process.execPath },
  node("node-22"),
  node("node-24"),
  node("node-26"),
  { tool: "bun", package: BUN, program: programOf(`${BUN}/bin/bun`) },
  {
    tool: "Deno",
    package: "@deno/linux-x64-glibc",
    program: programOf("@deno/linux-x64-glibc/deno"),
    flags: ["run", "--allow-all"],
  },
];
