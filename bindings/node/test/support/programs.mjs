// Small Node.js programs that use the package, each in a process of its own.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { packageFolder } from "./viewer.mjs";

/** A program that hangs fails its test. */
const LIMIT = { timeout: 120_000, killSignal: "SIGKILL" };

/** Runs a program, given as text, in the package's folder; `start(more)` in it starts recording with these options. */
export function run(body, options = {}, { env = {}, kill } = {}) {
  const program = `
    import * as sessionReplay from "session-replay-native";
    const start = (more = {}) => sessionReplay.init("key", { ...${JSON.stringify(options)}, ...more }).promise;
    const event = (payload) => ({ type: 5, timestamp: 1732300000000, data: { tag: "test", payload } });
    ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: packageFolder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...LIMIT,
  });
  let output = "";
  const hear = (text) => {
    output += text;
    if (kill && output.includes(kill)) child.kill("SIGKILL");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, output }));
  });
}

/** Runs a command and answers with what it printed; fails with all of that if it fails. */
export function command(name, args, options = {}) {
  const child = spawn(name, args, { stdio: ["ignore", "pipe", "pipe"], ...LIMIT, ...options });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) =>
      status === 0 ? resolve(output) : reject(new Error(`${name} ${args.join(" ")}: ${signal ?? status}, ${output}`)),
    );
  });
}

export const binary = (folder, name) => join(folder, "node_modules", ".bin", name);
