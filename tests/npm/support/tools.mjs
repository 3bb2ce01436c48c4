// The tools: which version is installed, and how one is started.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../support/children.mjs";
import { tools } from "./setup.mjs";

/** The version that is installed; none where the tool does not exist for this platform. */
export function versionOf(name) {
  const manifest = join(tools, name, "package.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version.replace(/^v/, "") : undefined;
}

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
