// A host's views and nodes as the values of C's structs. What is malformed is refused whole: a misspelled `masked` must not
// show what was to be hidden. Messages never hold a text of the host's.
import { invalid } from "../model/errors.js";
import { Given, toId } from "./given.js";
import {
  ALIGNMENTS,
  NODE,
  NODE_FLAGS,
  NODE_KINDS,
  VIEW_FLAGS,
  VIEW_INFO,
  placesOf,
  type NodeValues,
  type ViewInfoValues,
} from "./view-layout.js";

const VIEW_BYTES = placesOf(VIEW_INFO).bytes;
const NODE_BYTES = placesOf(NODE).bytes;
/** The library cuts texts after so many bytes; each unit has one at least. */
const MAX_TEXT_UNITS = 4096;
const MAX_TITLE_UNITS = 1024;

const VIEW_MEMBERS = new Set(["id", "parent", "x", "y", "width", "height", "z", "title", "background", ...Object.keys(VIEW_FLAGS)]);
const NODE_MEMBERS = new Set([
  ...["kind", "id", "x", "y", "width", "height", "clip", "text", "image", "color", "background", "border", "fontSize", "align"],
  ...Object.keys(NODE_FLAGS),
]);

export function viewInfoOf(view: unknown): ViewInfoValues {
  const given = new Given("placeView: ", view, "a view", VIEW_MEMBERS);
  return {
    size: VIEW_BYTES,
    flags: given.flags(VIEW_FLAGS),
    view: toId('placeView: "id"', given.value("id")),
    parent: given.value("parent") == null ? 0 : toId('placeView: "parent"', given.value("parent")),
    x: given.number("x"),
    y: given.number("y"),
    width: given.number("width"),
    height: given.number("height"),
    z: given.within("z", -(2 ** 31), 2 ** 31 - 1),
    background: given.color("background"),
    title: given.text("title", MAX_TITLE_UNITS),
  };
}

export function nodesOf(nodes: unknown): NodeValues[] {
  if (!Array.isArray(nodes)) throw invalid("setViewNodes takes a list of nodes");
  return Array.from(nodes, nodeOf);
}

function nodeOf(node: unknown, place: number): NodeValues {
  const given = new Given(`setViewNodes: node ${place}: `, node, "a node", NODE_MEMBERS);
  const kind = given.choice("kind", NODE_KINDS);
  if (kind === 0) given.refuse("kind", `one of ${Object.keys(NODE_KINDS).join(", ")}`);
  return {
    size: NODE_BYTES,
    kind,
    id: given.within("id", 0, Number.MAX_SAFE_INTEGER),
    flags: given.flags(NODE_FLAGS) | given.choice("align", ALIGNMENTS),
    clip: given.clip(place),
    x: given.number("x"),
    y: given.number("y"),
    width: given.number("width"),
    height: given.number("height"),
    color: given.color("color"),
    background: given.color("background"),
    border: given.color("border"),
    font_size: given.value("fontSize") == null ? 0 : given.number("fontSize"),
    text: given.text("text", MAX_TEXT_UNITS),
    image: given.text("image"),
  };
}
