// Runtimes: Node.js's own versions, as npm has them, and others.
import { join } from "node:path";
import { tools } from "../support/setup.mjs";

const node = (name) => ({ runtime: "Node.js", package: name, program: join(tools, name, "bin/node") });

export const runtimes = [
  node("node-16"),
  node("node-18"),
  { runtime: "Node.js", program: process.execPath },
  node("node-22"),
  node("node-24"),
  node("node-26"),
  { runtime: "bun", package: "@oven/bun-linux-x64", program: join(tools, "@oven/bun-linux-x64/bin/bun") },
  {
    runtime: "Deno",
    package: "@deno/linux-x64-glibc",
    program: join(tools, "@deno/linux-x64-glibc/deno"),
    flags: ["run", "--allow-all"],
  },
];
