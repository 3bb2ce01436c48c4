// A recording in parts, each a list of lines that say the same of the same page, whoever recorded it.
import { Nodes } from "./nodes.mjs";

const SOURCES = ["Mutation", "MouseMove", "MouseInteraction", "Scroll", "ViewportResize", "Input", "TouchMove", "MediaInteraction", "StyleSheetRule", "CanvasMutation", "Font", "Log", "Drag", "StyleDeclaration", "Selection", "AdoptedStyleSheet", "CustomElement"];
const POINTER = ["MouseUp", "MouseDown", "Click", "ContextMenu", "DblClick", "Focus", "Blur"];
const URL_TRACKING = "amplitude/url-tracking@1";
const CONSOLE = "rrweb/console@1";
const REQUEST = "fetch-request";
/** What differs from one recording to the next and says nothing. */
const VOLATILE = new Set(["timestamp", "duration"]);

/** `{ document, meta, kinds, pointer, typed, scrolled, addresses, console, requests, interactions, others, wire }`. */
export function partsOf({ requests, events, interactions }, shown) {
  const nodes = new Nodes();
  const parts = { document: shown, meta: [], kinds: [], pointer: [], typed: [], scrolled: [], addresses: [], console: [], requests: [], others: [] };
  const scrolled = new Map();
  for (const event of events) {
    nodes.take(event);
    const { type, data } = event;
    if (type === 4) parts.meta.push(`${data.href} ${data.width}x${data.height}`);
    else if (type === 3) incremental(data, nodes, parts, scrolled);
    else if (type === 5 && data.tag === REQUEST) parts.requests.push(requestLine(data.payload));
    else if (type === 6 && data.plugin === URL_TRACKING) address(plain(data.payload), parts.addresses);
    else if (type === 6 && data.plugin === CONSOLE) parts.console.push(consoleLine(data.payload));
    else if (type >= 5) parts.others.push(type === 5 ? `custom ${data.tag}` : `plugin ${data.plugin}`);
  }
  parts.scrolled = [...scrolled].map(([name, place]) => `${name} ${place}`);
  parts.interactions = interactions.map((event) => plain(event));
  parts.wire = requests.map(wireLine);
  return Object.fromEntries(Object.entries(parts).map(([name, lines]) => [name, distinct(lines)]));
}

function incremental(data, nodes, parts, scrolled) {
  parts.kinds.push(SOURCES[data.source] ?? `source ${data.source}`);
  if (data.source === 2) parts.pointer.push(`${POINTER[data.type] ?? `type ${data.type}`} ${nodes.nameOf(data.id)}`);
  if (data.source === 5) parts.typed.push(`${nodes.nameOf(data.id)} ${JSON.stringify(data.text)} ${data.isChecked}`);
  if (data.source === 3) scrolled.set(nodes.nameOf(data.id), `${data.x} ${data.y}`);
}

/** Numbered by their order. One that is told again, as after a full snapshot, is no other. */
function address(line, lines) {
  if (!lines.at(-1)?.endsWith(`. ${line}`)) lines.push(`${lines.length}. ${line}`);
}

/** The trace is where the page called: that there is one is what counts. */
const consoleLine = ({ level, trace, payload }) => `${level} ${payload.join(" ")}${trace.length > 0 ? "" : ", without a trace"}`;

/** Its members in one order; what the browser SDK adds of its own configuration is its own. */
function requestLine({ config: _config, version: _version, totalStorageSize: _total, percentOfQuota: _percent, usageDetails: _details, ...request }) {
  return plain(request);
}

function wireLine({ method, url, headers, text }) {
  const { pathname, searchParams } = new URL(url, "http://ingest.test");
  const query = [...searchParams].map(([name, value]) => (name === "type" ? `type=${value}` : name)).join(",");
  const names = Object.keys(headers).filter((name) => /^(x-|authorization|content-encoding|content-type|accept$)/.test(name)).sort();
  const said = names.map((name) => `${name}: ${name === "x-client-url" ? "URL" : headers[name].replace(/\d+\.\d+\.\d+/, "VERSION")}`);
  const body = JSON.parse(text);
  const kinds = distinct(body.events.map((event) => typeof event));
  return `${method} ${pathname}?${query} {${Object.keys(body)}} version ${body.version}, events ${kinds}; ${said.join("; ")}`;
}

/** JSON with its members in one order, and without what varies. */
function plain(value) {
  const order = (given) => {
    if (Array.isArray(given)) return given.map(order);
    if (typeof given !== "object" || given === null) return given;
    const members = Object.keys(given).filter((name) => !VOLATILE.has(name)).sort();
    return Object.fromEntries(members.map((name) => [name, order(given[name])]));
  };
  return JSON.stringify(order(value));
}

const distinct = (lines) => [...new Set(lines)];
