// What a program or a page did beside what it showed: lines of its console, and its requests. Read from events of which nothing is
// taken for granted: a page may say anything.

import { duration } from "../dom/format";
import { CONSOLE_PLUGIN, REQUEST_TAG } from "../model/event-names";
import { asList, type Fields, isFields } from "../model/json";
import { EventType, type RrwebEvent } from "../model/rrweb-event";

export type Tone = "grave" | "warn" | "plain";

export interface Entry {
  /** In milliseconds since 1970. */
  time: number;
  tone: Tone;
  /** What its row says, a cell each. */
  cells: string[];
  /** What is told of it in full: titles and texts. */
  details: [title: string, text: string][];
}

export type EntryKind = "console" | "network";

/** Characters of a text that are shown, of what may be megabytes. */
const MAX_TEXT = 20_000;
const MAX_CELL = 300;

/** The entry that an event is, and of which kind; null: it is none. */
export function entryOf(event: RrwebEvent): { kind: EntryKind; entry: Entry } | null {
  const { type, data } = event;
  const payload = data["payload"];
  if (!isFields(payload)) return null;
  if (type === EventType.Plugin && data["plugin"] === CONSOLE_PLUGIN) return { kind: "console", entry: line(event.timestamp, payload) };
  if (type === EventType.Custom && data["tag"] === REQUEST_TAG) return { kind: "network", entry: request(event.timestamp, payload) };
  return null;
}

function line(time: number, payload: Fields): Entry {
  const level = text(payload["level"]) || "log";
  const said = cut(asList(payload["payload"]).map(argument).join(" "), MAX_TEXT);
  const trace = asList(payload["trace"]).map(text).join("\n");
  const tone = level === "error" || level === "assert" ? "grave" : level === "warn" ? "warn" : "plain";
  return { time, tone, cells: [level, cell(said)], details: pairs([["", said], ["Where", trace]]) };
}

function request(end: number, payload: Fields): Entry {
  const { timestamp, status, duration: took, error } = payload;
  const isTold = typeof timestamp === "number" && timestamp > 0 && timestamp <= end;
  const url = text(payload["url"]);
  const answer = typeof status === "number" ? String(status) : isFields(error) ? "failed" : "–";
  const isGrave = typeof status !== "number" ? isFields(error) : status >= 500;
  const isRefused = typeof status === "number" && status >= 400;
  return {
    time: isTold ? timestamp : end,
    tone: isGrave ? "grave" : isRefused ? "warn" : "plain",
    cells: [text(payload["method"]) || "GET", answer, cell(url), typeof took === "number" ? duration(Math.max(0, took)) : ""],
    details: pairs([
      ["", url],
      ["Error", isFields(error) ? `${text(error["name"])}: ${text(error["message"])}` : ""],
      ["Request headers", headers(payload["requestHeaders"])],
      ["Request body", text(payload["requestBody"])],
      ["Response headers", headers(payload["responseHeaders"])],
      ["Response body", text(payload["responseBody"]) || body(payload["responseBodyStatus"])],
    ]),
  };
}

/** An argument of the console, which is JSON; a text in it stands without quotes. */
function argument(json: unknown): string {
  if (typeof json !== "string") return text(json);
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : json;
  } catch {
    return json;
  }
}

function headers(given: unknown): string {
  if (!isFields(given)) return text(given);
  return Object.entries(given).map(([name, value]) => `${name}: ${text(value)}`).join("\n");
}

const body = (status: unknown) => (status === "skipped_binary" ? "(not kept: no text)" : status === "error" ? "(not kept: it can't be read)" : "");

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

const cut = (value: string, most: number) => (value.length > most ? `${value.slice(0, most)}…` : value);
const cell = (value: string) => cut(value, MAX_CELL).replace(/\s+/g, " ");
const pairs = (details: [string, string][]) =>
  details.filter(([, said]) => said !== "").map(([title, said]): [string, string] => [title, cut(said, MAX_TEXT)]);
