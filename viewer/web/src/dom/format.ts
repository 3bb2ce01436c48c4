// Numbers and times as people read them.

const whole = new Intl.NumberFormat();

const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
const clock = new Intl.DateTimeFormat(undefined, CLOCK);
const withDay = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", ...CLOCK });
const withYear = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric", ...CLOCK });
const zoned = new Intl.DateTimeFormat("en", { timeZoneName: "short" });

/** A time as short as it is clear at `now`: with its day where that is another one, and with its year where that is. */
export function time(ms: number, now = Date.now()): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return "–";
  const today = new Date(now);
  if (today.toDateString() === date.toDateString()) return clock.format(date);
  return (today.getFullYear() === date.getFullYear() ? withDay : withYear).format(date);
}

/** From when to when: the day of the end only where it is another one, and the zone, which others may not share. */
export function span(from: number, to: number, now = Date.now()): string {
  const [begin, end] = [new Date(from), new Date(to)];
  if (Number.isNaN(begin.getTime()) || Number.isNaN(end.getTime())) return "–";
  // A session across midnight says both days, also today.
  const isOneDay = begin.toDateString() === end.toDateString();
  const isThisYear = [begin, end].every((date) => date.getFullYear() === new Date(now).getFullYear());
  const full = isThisYear ? withDay : withYear;
  const last = isOneDay ? clock.format(end) : full.format(end);
  return `${isOneDay ? time(from, now) : full.format(begin)} – ${last} ${zone(from)}`;
}

/** The zone of this browser at that time, such as "GMT+1". */
export function zone(ms: number): string {
  return zoned.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** ISO 8601 with the zone of this browser: what one copies into a log's search. */
export function iso(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return "–";
  const minutes = -date.getTimezoneOffset();
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  const local = new Date(ms + minutes * 60_000);
  // Near the ends of what a date can be, the local time is none.
  if (Number.isNaN(local.getTime())) return date.toISOString();
  return `${local.toISOString().slice(0, -1)}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${count(Math.floor(hours / 24), "day")} ${hours % 24} h`;
}

/** A place in a recording: 0:07.3, and beyond an hour 3:00:07.3 */
export function offset(ms: number): string {
  const tenths = Math.max(0, Math.floor(ms / 100));
  const seconds = Math.floor(tenths / 10);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const whole = minutes < 60 ? String(minutes) : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
  return `${whole}:${two(seconds % 60)}.${tenths % 10}`;
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = count / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${whole.format(number)} ${number === 1 ? one : many}`;
}
