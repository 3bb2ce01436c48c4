// Package managers, each with the defaults that it has.
import { PINNED } from "../support/setup.mjs";
import { BUN, programOf } from "../support/tools.mjs";

const npm = (...more) => ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", ...more];
// pnpm 11 does not start with an older Node.js; what it installs runs with any.
const pnpm = { tool: "pnpm", package: "pnpm", needs: "node-22", install: ["node-22/bin/node", programOf("pnpm/bin/pnpm.mjs"), "install"] };
const yarn = (...more) => ["@yarnpkg/cli-dist/bin/yarn.js", ...more];
const bun = `${BUN}/bin/bun`;

const workspaces = { "package.json": '{ "name": "root", "private": true, "workspaces": ["packages/*"] }' };
/** koffi's binaries are packages of their own: its install script has nothing to do. */
const noKoffiScript = { "pnpm-workspace.yaml": `allowBuilds:\n  koffi: false\noverrides:\n  koffi: ${PINNED.overrides.koffi}\n` };
const member = "packages/shop";

export const installs = [
  { tool: "npm", use: "an empty folder", install: npm() },
  { tool: "npm", use: "--ignore-scripts", install: npm("--ignore-scripts") },
  { tool: "npm", use: "--ignore-scripts --omit=optional", install: npm("--ignore-scripts", "--omit=optional"), says: ["koffi"] },
  { tool: "npm", use: "a workspace", install: npm(), member, files: workspaces },
  {
    ...pnpm,
    use: "an empty folder, as it is",
    // Without the file that could pin koffi, pnpm takes the newest. It installs everything, and then ends with an error because it runs no scripts that nobody has decided about.
    objection: "ERR_PNPM_IGNORED_BUILDS",
  },
  { ...pnpm, use: "an empty folder", files: { ...noKoffiScript } },
  {
    ...pnpm,
    use: "a workspace",
    member,
    files: {
      "package.json": '{ "name": "root", "private": true }',
      "pnpm-workspace.yaml": `packages: ['packages/*']\n${noKoffiScript["pnpm-workspace.yaml"]}`,
    },
  },
  { tool: "Yarn", package: "@yarnpkg/cli-dist", use: "Plug'n'Play", install: yarn("install"), run: yarn("node") },
  {
    tool: "Yarn",
    package: "@yarnpkg/cli-dist",
    use: "node_modules",
    install: yarn("install"),
    env: { YARN_NODE_LINKER: "node-modules" },
  },
  { tool: "bun", package: BUN, use: "an empty folder", install: [bun, "install"] },
  { tool: "bun", package: BUN, use: "a workspace", install: [bun, "install"], member, files: workspaces },
];
