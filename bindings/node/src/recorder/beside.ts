// What a host tells beside what it shows, as the events that `beforeRecord` sees: custom events, clicks, log lines, requests.
import type { ReplayEvent } from "../model/before-record.js";
import { CONSOLE_PLUGIN } from "../model/shared/page.js";
import type { RecorderContext } from "./context.js";

const CUSTOM = 5;
const PLUGIN = 6;

const eventOf = (type: number, data: object): ReplayEvent => ({ type, timestamp: Date.now(), data });

/**
 * What `read` makes of a custom event, or of what is left of it; undefined: it is dropped. What the host gave is refused as it is
 * without a filter; what a filter makes of it is dropped where it can't be read.
 */
export function filterCustom<Read>(
  context: RecorderContext,
  tag: unknown,
  payload: unknown,
  read: (tag: unknown, payload: unknown) => Read,
): Read | undefined {
  const given = read(tag, payload);
  if (!isFiltered(context)) return given;
  return context.filter.apply(eventOf(CUSTOM, { tag, payload }), ({ data }) => read(data.tag, data.payload));
}

/** The same for a line of the log. */
export function filterLog<Read>(
  context: RecorderContext,
  level: unknown,
  message: unknown,
  read: (level: unknown, message: unknown) => Read,
): Read | undefined {
  const given = read(level, message);
  if (!isFiltered(context)) return given;
  const event = eventOf(PLUGIN, { plugin: CONSOLE_PLUGIN, payload: { level, payload: [message] } });
  return context.filter.apply(event, ({ data }) => read(data.payload.level, data.payload.payload[0]));
}

const isFiltered = ({ filter, library }: RecorderContext): boolean => filter.isOn && library.current?.isCapturing() === true;
