// The real recordings under tests/fixtures/recordings.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { project } from "./paths.mjs";

const META = 4;
const FULL_SNAPSHOT = 2;

const folder = join(project, "tests/fixtures/recordings");

export const recordingNames = readdirSync(folder)
  .filter((file) => file.endsWith(".jsonl"))
  .map((file) => file.slice(0, -".jsonl".length));

export const recordingPath = (name) => join(folder, `${name}.jsonl`);

/** The events of a recording, as JSON. */
export const recording = (name) => readFileSync(recordingPath(name), "utf8").split("\n").filter(Boolean);

/** The events of a recording. */
export const read = (name) => recording(name).map((line) => JSON.parse(line));

/** The events of the C host's two sessions: the second begins with the page's last description and snapshot. */
export function hostSessions(events) {
  const half = Math.floor(events.length / 2);
  const last = (type) => events.slice(0, half).filter((event) => event.type === type).slice(-1);
  return [events.slice(0, half), [...last(META), ...last(FULL_SNAPSHOT), ...events.slice(half)]];
}

export const duration = (events) => Math.max(...events.map((e) => e.timestamp)) - Math.min(...events.map((e) => e.timestamp));
