// Small Node.js programs that use the package, each in a process of its own.
import { run as runProgram } from "../../../../tests/support/children.mjs";
import { packageFolder } from "./package.mjs";

/** Runs a program, given as text, in the package's folder; `start(more)` in it starts recording with these options. */
export function run(body, options = {}, { env = {}, kill } = {}) {
  const program = `
    import * as sessionReplay from "session-replay-native";
    const start = (more = {}) => sessionReplay.init("key", { ...${JSON.stringify(options)}, ...more }).promise;
    const event = (payload) => ({ type: 5, timestamp: 1732300000000, data: { tag: "test", payload } });
    ${body}`;
  const args = ["--input-type=module", "--eval", program];
  return runProgram(process.execPath, args, { cwd: packageFolder, env: { ...process.env, ...env }, kill });
}
