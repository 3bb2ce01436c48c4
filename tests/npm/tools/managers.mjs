// Package managers, each with the defaults that it has.
const npm = (...more) => ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", ...more];
const yarn = (...more) => ["@yarnpkg/cli-dist/bin/yarn.js", ...more];
const bun = "@oven/bun-linux-x64/bin/bun";

const workspaces = { "package.json": '{ "name": "root", "private": true, "workspaces": ["packages/*"] }' };
/** koffi's binaries are packages of their own: its install script has nothing to do. */
const noKoffiScript = { "pnpm-workspace.yaml": "allowBuilds:\n  koffi: false\n" };
const member = "packages/shop";

export const installs = [
  { tool: "npm", what: "an empty folder", install: npm() },
  { tool: "npm", what: "--ignore-scripts", install: npm("--ignore-scripts") },
  { tool: "npm", what: "--ignore-scripts --omit=optional", install: npm("--ignore-scripts", "--omit=optional"), says: ["koffi"] },
  { tool: "npm", what: "a workspace", install: npm(), member, files: workspaces },
  {
    tool: "pnpm",
    package: "pnpm",
    what: "an empty folder, as it is",
    install: ["pnpm", "install"],
    // It installs everything, and then ends with an error because it runs no scripts that nobody has decided about.
    objection: "ERR_PNPM_IGNORED_BUILDS",
  },
  { tool: "pnpm", package: "pnpm", what: "an empty folder", install: ["pnpm", "install"], files: { ...noKoffiScript } },
  {
    tool: "pnpm",
    package: "pnpm",
    what: "a workspace",
    install: ["pnpm", "install"],
    member,
    files: {
      "package.json": '{ "name": "root", "private": true }',
      "pnpm-workspace.yaml": `packages: ['packages/*']\n${noKoffiScript["pnpm-workspace.yaml"]}`,
    },
  },
  { tool: "Yarn", package: "@yarnpkg/cli-dist", what: "Plug'n'Play", install: yarn("install"), run: yarn("node") },
  {
    tool: "Yarn",
    package: "@yarnpkg/cli-dist",
    what: "node_modules",
    install: yarn("install"),
    env: { YARN_NODE_LINKER: "node-modules" },
  },
  { tool: "bun", package: "@oven/bun-linux-x64", what: "an empty folder", install: [bun, "install"] },
  { tool: "bun", package: "@oven/bun-linux-x64", what: "a workspace", install: [bun, "install"], member, files: workspaces },
];
