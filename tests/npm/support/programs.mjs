// Starts a program that records one event, and looks for that event in the viewer.
import assert from "node:assert/strict";
import { SESSION, payloads } from "../../support/events.mjs";
import { start } from "../../support/children.mjs";

/** What the programs of fixtures/ record. */
const PAYLOAD = "sold";
const LIMIT = { timeout: 45_000, killSignal: "SIGKILL" };
let programs = 0;

/** Runs it; answers with how it ended, what it printed, and what the viewer has of it, in one session or several. */
export async function runProgram(viewer, program, args, { cwd, env = {}, sessions = 1 }) {
  const deviceId = `${process.pid}-${++programs}`;
  const { libraryPath: _, ...options } = viewer.options({ deviceId, sessionId: SESSION });
  const own = { SHOP_OPTIONS: JSON.stringify(options), SESSION_REPLAY_LIBRARY: "", SESSION_REPLAY_BACKEND: "", NODE_OPTIONS: "" };
  const { child, ended } = start(program, args, { cwd, env: { ...process.env, ...own, ...env }, ...LIMIT });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].on("data", (text) => (printed[name] += text));
  const { status, signal } = await ended;
  const events = [];
  for (let i = 0; i < sessions; i++) events.push(...payloads(await viewer.events(deviceId, SESSION + i)));
  return { status: status ?? signal, ...printed, events, sessions, replayId: `${deviceId}/${SESSION}` };
}

/** What the program reported with its last line. */
function reportOf({ status, stdout, stderr }) {
  assert.equal(status, 0, `it ended with ${status}: ${stderr}${stdout}`);
  const line = stdout.trim().split("\n").at(-1);
  assert.ok(line.startsWith("{"), `it reported nothing: ${stderr}${stdout}`);
  return JSON.parse(line);
}

/** The program recorded, and had nothing to say. */
export function assertRecorded(ran) {
  const report = reportOf(ran);
  assert.equal(report.failure, undefined, report.failure);
  assert.equal(ran.stderr, "", ran.stderr);
  assert.equal(report.ended, "ok");
  assert.deepEqual(ran.events, Array(ran.sessions).fill(PAYLOAD));
  return report;
}

/** The program recorded nothing, goes on, and its developer reads these texts. */
export function assertSays(ran, texts) {
  const report = reportOf(ran);
  assert.equal(report.failure, undefined, `init was rejected: ${report.failure}`);
  assert.deepEqual(ran.events, []);
  for (const text of texts) assert.ok(ran.stderr.includes(text), `${text} is not in: ${ran.stderr}`);
  assert.match(String(report.advice), /library|koffi/);
  return "says what is missing";
}
