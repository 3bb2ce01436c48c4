// A store with many sessions, written as the viewer writes them: quicker than sending them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** As the viewer's names have a time of the events: the bits of the number. */
const bits = (timestamp) => new BigUint64Array(new Float64Array([timestamp]).buffer)[0].toString(16);

/** Stores one batch of a session that arrived at this time, in milliseconds since 1970. Ids are of letters, digits, `_` and `-`. */
export function storeBatch(folder, device, session, arrived, events) {
  const body = JSON.stringify({ version: 1, events: events.map((event) => JSON.stringify(event)) });
  const times = events.map((event) => event.timestamp);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const kinds = events.reduce((kinds, event) => kinds | (1 << event.type), 0);
  const meta = {
    arrived,
    device_id: device,
    session_id: String(session),
    headers: {},
    wire_bytes: body.length,
    decoded_bytes: body.length,
    events: events.length,
    first_timestamp: first,
    last_timestamp: last,
  };
  const name = `${String(arrived * 1_000).padStart(20, "0")}-0000000000000001-e${events.length}-w${body.length}-d${body.length}-f${bits(first)}-l${bits(last)}-k${kinds.toString(16)}`;
  const place = join(folder, "v1/sequences", device, String(session));
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, name), `${JSON.stringify(meta)}\n${body}`);
}
