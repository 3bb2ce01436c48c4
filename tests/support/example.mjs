// An example that a person starts: it records by itself.
import assert from "node:assert/strict";
import { start } from "./children.mjs";
import { until } from "./waiting.mjs";

/**
 * Runs a program until the viewer has a session of this device, begun after `since`, with this text in its events; then ends it.
 * It is given the viewer's address, or `args`.
 */
export async function recordsByItself(program, { viewer, environment, device, since, text, args = [viewer.url] }) {
  const { child, ended } = start(program, args, { env: environment });
  const recorded = async () => {
    const mine = (await viewer.sessions()).filter(({ device_id, session_id }) => device_id === device && Number(session_id) > since);
    const events = await Promise.all(mine.map(({ device_id, session_id }) => viewer.events(device_id, session_id)));
    return JSON.stringify(events).includes(text);
  };
  await until(async () => child.exitCode !== null || (await recorded()), `${text} arrives`, 120_000);
  assert.equal(child.exitCode, null);
  child.kill();
  await ended;
}
