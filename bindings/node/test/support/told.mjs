// Programs that tell what they found, each in a process of its own in which the package is installed.
import { libraryPath } from "../../../../tests/support/paths.mjs";
import { runInstalled } from "./installed.mjs";

/** What the programs may use; `GOOD` are options that capture everything and reach no server. */
const GIVEN = `
  const tell = (...what) => process.stdout.write("told: " + JSON.stringify(what) + "\\n");
  const turn = () => new Promise(setImmediate);
  const event = (payload = 1) => ({ type: 5, timestamp: 1732300000000, data: { tag: "test", payload } });
  const GOOD = { sampleRate: 1, enableRemoteConfig: false, deviceId: "d", sessionId: 1732300000000, trackServerUrl: "http://127.0.0.1:9/" };
  const state = () => sessionReplay.stats().state;
`;

/** Runs it; answers with how it ended, with what it told, and with what it said on the console for the package. */
export async function toldBy(folder, body, { env = {}, args = [] } = {}) {
  const program = `${GIVEN} (async () => { ${body} })();`;
  const { status, signal, output } = await runInstalled(folder, program, { args, env: { SESSION_REPLAY_LIBRARY: libraryPath, ...env } });
  const lines = output.split("\n");
  const after = (start) => lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
  return { end: [status, signal], output, told: after("told: ").map((line) => JSON.parse(line)), said: after("session-replay: ") };
}
