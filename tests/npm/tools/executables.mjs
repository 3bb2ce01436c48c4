// Single executables: Node.js's own, by its documentation, and bun's. Each is built from fixtures/server.mjs, and is named "shop".
import { BUN } from "../support/tools.mjs";

const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

const bundle = ["esbuild", "server.mjs", "--bundle", "--platform=node", "--outfile=server.cjs"];
const settings = { main: "server.cjs", disableExperimentalSEAWarning: true };

/** Up to Node.js 24: the program is a blob, which postject puts into a copy of the executable. */
const injected = (name, node) => ({
  tool: "Node.js",
  package: name,
  files: { "sea.json": JSON.stringify({ ...settings, output: "shop.blob" }) },
  commands: [
    bundle,
    [node, "--experimental-sea-config", "sea.json"],
    [node, "--eval", "fs.copyFileSync(process.execPath, 'shop')"],
    ["postject", "shop", "NODE_SEA_BLOB", "shop.blob", "--sentinel-fuse", FUSE],
  ],
});

/** Since Node.js 25.5: its own command. */
const built = (name, node) => ({
  tool: "Node.js",
  package: name,
  files: { "sea.json": JSON.stringify({ ...settings, output: "shop" }) },
  commands: [bundle, [node, "--build-sea", "sea.json"]],
});

export const executables = [
  { ...injected(undefined, "node"), version: process.versions.node },
  injected("node-24", "node-24/bin/node"),
  built("node-26", "node-26/bin/node"),
  {
    tool: "bun build --compile",
    package: BUN,
    commands: [[`${BUN}/bin/bun`, "build", "--compile", "server.mjs", "--outfile=shop"]],
  },
];
