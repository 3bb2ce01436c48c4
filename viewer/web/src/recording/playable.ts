// Which events rrweb's player can play, and snapshots made so that it can. Its errors stop a replay for good, so what it
// would throw on is left out here, or mended. The server lists the same as problems (viewer/src/ingest/playable.rs); both
// are held to viewer/tests/playable.json.

type Fields = Record<string, unknown>;

const SNAPSHOT = 2;
const INCREMENTAL = 3;
const META = 4;
/** Event types whose data the player reads. */
const FIRST = 2;
const LAST = 6;
/** rrweb's kinds of pointer interaction, 0 to 10. */
const INTERACTIONS = 10;

const DOCUMENT = 0;
const DOCTYPE = 1;
const ELEMENT = 2;
const COMMENT = 5;

/** Whether the player can play an event. */
export function isPlayable(type: number, data: unknown): boolean {
  if (type < FIRST || type > LAST || !Number.isInteger(type)) return true;
  if (!isFields(data)) return false;
  if (type === META) return isSize(data);
  if (type === INCREMENTAL) return isNumber(data["source"]) && isChange(data["source"], data);
  return type !== SNAPSHOT || (isFields(data["node"]) && isTree(data["node"]) && isOptional(data["initialOffset"], isFields));
}

/** No kind of change: the player passes over it. */
const NOTHING = -1;

const isMove = (source: unknown) => source === 1 || source === 6 || source === 12;

function isChange(source: number, data: Fields): boolean {
  if (isMove(source)) return isListOf(data["positions"], (position) => isFields(position) && isNumber(position["timeOffset"]));
  switch (source) {
    case 2:
      return isNumber(data["type"]) && Number.isInteger(data["type"]) && data["type"] >= 0 && data["type"] <= INTERACTIONS;
    case 4:
      return isSize(data);
    case 8:
      return ["adds", "removes"].every((key) => isOptional(data[key], (list) => isListOf(list, isFields)));
    case 13:
      return !(data["set"] || data["remove"]) || Array.isArray(data["index"]);
    case 15:
      return Array.isArray(data["styleIds"]) && isOptional(data["styles"], (list) => isListOf(list, isFields));
    default:
      return true;
  }
}

const isSize = (data: Fields) => isNumber(data["width"]) && isNumber(data["height"]);

const isTree = (node: Fields) =>
  isNumber(node["type"]) && ((node["type"] !== DOCUMENT && node["type"] !== ELEMENT) || Array.isArray(node["childNodes"]));

/** Mends the nodes of an event that `isPlayable`, in place. */
export function mend(type: number, data: unknown): void {
  if (!isFields(data)) return;
  // A change that moves nothing: the player trips over it when it catches up.
  if (type === INCREMENTAL && isMove(data["source"]) && asList(data["positions"]).length === 0) data["source"] = NOTHING;
  const node = data["node"];
  if (type === SNAPSHOT && isFields(node)) mendRoot(data, node);
  const open: unknown[] = type === SNAPSHOT ? [data["node"]] : asList(data["adds"]).map((add) => (isFields(add) ? add["node"] : null));
  for (let next = open.pop(); open.length > 0 || next; next = open.pop()) {
    if (!isFields(next)) continue;
    mendNode(next);
    for (const child of asList(next["childNodes"])) open.push(child);
  }
}

/** The player needs a document with one element in it. */
function mendRoot(data: Fields, node: Fields): void {
  if (node["type"] !== DOCUMENT) data["node"] = { type: DOCUMENT, id: -1, childNodes: [{ ...node }] };
}

function mendNode(node: Fields): void {
  const type = node["type"];
  if (type === DOCUMENT || type === ELEMENT) node["childNodes"] = asList(node["childNodes"]).filter(isNode);
  if (type === DOCUMENT) node["childNodes"] = childrenOfDocument(node["childNodes"] as Fields[]);
  if (type === DOCTYPE && !isName(node["name"])) node["name"] = "html";
  // HTML documents have none.
  if (type === 4) node["type"] = COMMENT;
  if (type === ELEMENT) mendElement(node);
}

/** A child; a document among them would wipe out what was built before it. */
const isNode = (node: unknown): node is Fields => isFields(node) && [1, 2, 3, 4, 5].includes(node["type"] as number);

/** A doctype, one element and comments, in this order; a page that has none of its own gets an element. */
function childrenOfDocument(nodes: Fields[]): Fields[] {
  const elements = nodes.filter((node) => node["type"] === ELEMENT);
  const root = elements.find((node) => /^html$/i.test(String(node["tagName"])));
  const doctype = nodes.find((node) => node["type"] === DOCTYPE);
  const comments = nodes.filter((node) => node["type"] === COMMENT);
  const own = { type: ELEMENT, tagName: "html", attributes: {}, id: -2, childNodes: root ? [] : elements };
  return [...(doctype ? [doctype] : []), root ?? own, ...comments];
}

/** Elements that can have a shadow tree, beside custom ones. */
const HOSTS = /^(article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/i;
const CUSTOM = /^[a-z][-.\w]*-[-.\w]*$/;
const RESERVED = /^(annotation-xml|color-profile|font-face.*|missing-glyph)$/;

function mendElement(node: Fields): void {
  if (!isName(node["tagName"])) node["tagName"] = "div";
  const tag = String(node["tagName"]);
  const isCustom = CUSTOM.test(tag) && !RESERVED.test(tag);
  if (!isCustom) delete node["isCustom"];
  if (!isCustom && !HOSTS.test(tag)) delete node["isShadowHost"];
  const attributes = isFields(node["attributes"]) ? node["attributes"] : (node["attributes"] = {} as Fields);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("rr_media") && !(/^(audio|video)$/i.test(tag) && isMedia(name, value))) delete attributes[name];
  }
}

function isMedia(name: string, value: unknown): boolean {
  const within = (least: number, most: number) => isNumber(value) && value >= least && value <= most;
  if (name === "rr_mediaPlaybackRate") return within(0.0625, 16);
  return name !== "rr_mediaVolume" || within(0, 1);
}

/** What a browser takes for the name of an element, and rrweb does not look up as something else. */
const isName = (name: unknown): name is string => typeof name === "string" && /^[a-z][-.\w:]*$/i.test(name) && !(name in Object.prototype);

export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === "number";
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isListOf = (list: unknown, is: (item: unknown) => boolean) => Array.isArray(list) && list.every(is);
const isOptional = (value: unknown, is: (value: unknown) => boolean) => value == null || is(value);
