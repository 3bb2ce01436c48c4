// The suite's own tools, from the registry: which version of one is wanted, whether it is there, and how it is started.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../support/children.mjs";

const suite = fileURLToPath(new URL("..", import.meta.url));
const { devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(suite, "package.json"), "utf8"));

/** The folder that has them all. */
export const tools = join(suite, "node_modules");

/** The version that the suite asks for; `npm:name@1.2.3` is another package's. */
export const versionOf = (name) => ({ ...devDependencies, ...optionalDependencies })[name].split("@").at(-1);

/**
 * Whether a tool is there. Those that have no package for each system are optional, and npm leaves an optional package out
 * without a word when it can't get it.
 */
export const isInstalled = (name) => existsSync(join(tools, name, "package.json"));

/** Linux x86-64 has a package of every tool: there none may be missing. */
export const MUST_HAVE_ALL = process.platform === "linux" && process.arch === "x64";

/** bun's package for this system. */
export const BUN = process.arch === "arm64" ? "@oven/bun-linux-aarch64" : "@oven/bun-linux-x64";

const OTHERS = { node: process.execPath, npm: "npm" };

/** The program of that name: one that is there anyway, a file of a package, or what a package calls a command. */
export const programOf = (name) => OTHERS[name] ?? join(tools, name.includes("/") ? name : join(".bin", name));

/** What postject says of Node.js's own executable. */
const NOT_OURS = /string offset for section name/;

/** Builds as a developer does. The tool must not warn. */
export async function build(cwd, [name, ...args]) {
  const env = { ...process.env, NO_COLOR: "1", NODE_ENV: "production", NODE_OPTIONS: "" };
  delete env.FORCE_COLOR;
  const { status, output } = await run(programOf(name), args, { cwd, env });
  if (status !== 0) throw new Error(`it does not build (${status}): ${output}`);
  const warning = output.split("\n").find((line) => /warn/i.test(line) && !NOT_OURS.test(line));
  if (warning !== undefined) throw new Error(`it builds with a warning: ${warning}\n${output}`);
}
