// Folders in which the package is installed, with what a test wants beside it, and processes that start recording there.
import { join } from "node:path";
import { run } from "../../../../tests/support/children.mjs";
import { KOFFI, copyPackage } from "../../../../tests/support/npm-package.mjs";

/** Installs a copy of the package, and these packages beside it, in a folder; answers with the folder. */
export function install(folder, packages = KOFFI) {
  copyPackage(join(folder, "node_modules"), { packages });
  return folder;
}

/** The environment of the tests, without what names a library or a backend. */
export const plainEnv = (env = {}) => ({ ...process.env, SESSION_REPLAY_LIBRARY: "", SESSION_REPLAY_BACKEND: "koffi", ...env });

/** How a program there ends, whose text may use `sessionReplay`: `{ status, signal, output }`. */
export function runInstalled(folder, body, { env = {}, args = [], ...more } = {}) {
  const program = `const sessionReplay = require("session-replay-native"); ${body}`;
  return run(process.execPath, [...args, "--eval", program], { env: plainEnv(env), cwd: folder, ...more });
}
