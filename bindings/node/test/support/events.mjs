// rrweb events for tests: small ones of our own, and real recordings.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./viewer.mjs";

export const SESSION = 1732300000000;

export const meta = (n = 0) => ({
  type: 4,
  timestamp: SESSION + n,
  data: { href: "https://example.com/", width: 800, height: 600 },
});

export const fullSnapshot = (n = 0) => ({
  type: 2,
  timestamp: SESSION + n,
  data: { node: { type: 0, childNodes: [{ type: 2, tagName: "html", childNodes: [] }], id: 1 }, initialOffset: { top: 0, left: 0 } },
});

export const custom = (payload, n = 0) => ({ type: 5, timestamp: SESSION + n, data: { tag: "test", payload } });

/** The events of a recording under tests/fixtures/recordings, as JSON. */
export const recording = (name) =>
  readFileSync(join(project, "tests/fixtures/recordings", `${name}.jsonl`), "utf8")
    .split("\n")
    .filter(Boolean);

/** What an event is on the wire: its known keys in their order. */
export function wire(event) {
  const { type, timestamp, delay, data } = typeof event === "string" ? JSON.parse(event) : event;
  return { type, timestamp, ...(delay === undefined ? {} : { delay }), data };
}

/** The payloads of the events that `custom` made. */
export const payloads = (events) => events.filter((event) => event.type === 5).map((event) => event.data.payload);
