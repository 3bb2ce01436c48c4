// Programs in processes of their own.
import { spawn } from "node:child_process";

/** A program that hangs fails its test. */
const LIMIT = { timeout: 120_000, killSignal: "SIGKILL" };
const running = new Set();

/**
 * Starts a program. What it prints gathers in `output`, and `onOutput` is called with all of it so far whenever there is
 * more; `ended` is how it ended: `{ status, signal, output }`.
 */
export function start(program, args, { onOutput, ...options } = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const started = { child, output: "", ended: undefined };
  running.add(child);
  child.on("close", () => running.delete(child));
  const take = (text) => {
    started.output += text;
    onOutput?.(started.output);
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", take);
  started.ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, output: started.output }));
  });
  return started;
}

/** Ends whatever was started here and still runs. */
export function killAll() {
  for (const child of running) child.kill();
}

/** Runs a program to its end, however it ends; kills it once it has printed the text `kill`. */
export function run(program, args, { kill, ...options } = {}) {
  const started = start(program, args, {
    ...LIMIT,
    ...options,
    onOutput: (output) => kill && output.includes(kill) && started.child.kill("SIGKILL"),
  });
  return started.ended;
}

/** Runs a command and answers with what it printed; fails with all of that if it fails. */
export async function command(program, args, options = {}) {
  const { status, signal, output } = await run(program, args, options);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${signal ?? status}, ${output}`);
  return output;
}
