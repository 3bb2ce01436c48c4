// What a person would call a node: the name of the control that it is in, and what kind of control.

import type { Fields } from "../model/json";
import { oneLine, type StoryNode, type StoryNodes, textOf } from "./nodes";

const MAX_NAME = 80;
/** A click is on the icon in the label in the button: so far up a control is looked for. */
const MAX_CLIMB = 8;
const MAX_PARTS = 4;

/** What an element is called, by its tag. */
const TAGS = new Map([
  ["a", "link"],
  ["button", "button"],
  ["summary", "disclosure"],
  ["select", "list"],
  ["option", "option"],
  ["textarea", "text field"],
  ["label", "label"],
]);
/** What is no control, and has a word all the same. */
const THINGS = new Map([
  ["img", "picture"],
  ["svg", "picture"],
  ["canvas", "canvas"],
  ["video", "video"],
  ["audio", "sound"],
  ["iframe", "frame"],
]);
/** An input, by its type; any other one is a text field. */
const INPUTS = new Map([
  ["checkbox", "checkbox"],
  ["radio", "option"],
  ["button", "button"],
  ["submit", "button"],
  ["reset", "button"],
  ["image", "button"],
  ["range", "slider"],
  ["file", "file field"],
  ["color", "color field"],
]);
/** By the role that it gives itself. */
const ROLES = new Map([
  ["button", "button"],
  ["link", "link"],
  ["checkbox", "checkbox"],
  ["switch", "switch"],
  ["radio", "option"],
  ["option", "option"],
  ["tab", "tab"],
  ["menuitem", "menu item"],
  ["slider", "slider"],
  ["textbox", "text field"],
  ["combobox", "list"],
]);
/** The words for nodes of a native program that are controls. */
const NATIVE = new Map([
  ["button", "button"],
  ["check", "checkbox"],
  ["radio", "option"],
  ["item", "item"],
  ["list", "list"],
  ["menu", "menu"],
]);
/** The kinds of nodes, by the elements that the library draws for them: `tag` in `src/views/nodes/draw.rs`. */
const DRAWN = new Map([
  ["t", "text"],
  ["g", "image"],
  ["p", "button"],
  ["k", "check"],
  ["l", "list"],
  ["m", "menu"],
  ["i", "item"],
  ["r", "scroll"],
  ["x", "custom"],
]);
/** Those that stand beside a field and may say what it is for. */
const BESIDE = new Set(["text", "image", "scroll", "custom"]);

/** Of which kind a node of a native program is; null: it is none. Recordings of before have it as a class behind "n", as fields have still. */
function nativeKind({ tag, attributes, parent }: StoryNode): string | null {
  const [first, kind = "text"] = string(attributes["class"]).split(" ");
  if (first === "n") return kind;
  const isInContent = parent !== null && string(parent.attributes["class"]) === "c" && isInView(parent);
  return isInContent ? (DRAWN.get(tag) ?? null) : null;
}

/** What kind of control an element is; null: none, or it has no word. */
export function controlOf(node: StoryNode): string | null {
  const { tag, attributes } = node;
  const role = ROLES.get(string(attributes["role"]));
  if (role) return role;
  if (tag === "input") return INPUTS.get(string(attributes["type"]).toLowerCase()) ?? "text field";
  const word = TAGS.get(tag);
  if (word) return word;
  return NATIVE.get(nativeKind(node) ?? "") ?? null;
}

/** The control that a node is in, or else the element that it is in. */
export function controlAround(node: StoryNode): StoryNode {
  let around: StoryNode | null = node;
  for (let climbed = 0; around && climbed < MAX_CLIMB; climbed++, around = around.parent) if (around.tag !== "" && controlOf(around)) return around;
  return node.tag === "" && node.parent ? node.parent : node;
}

/** `"Save"`, or where it has no name `a button`. */
export function called(nodes: StoryNodes, node: StoryNode): string {
  const control = controlAround(node);
  const name = nameOf(nodes, control);
  if (name !== "") return `"${name}"`;
  const word = controlOf(control) ?? THINGS.get(control.tag);
  if (word) return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
  if (nativeKind(control) !== null || (/^[wc]\b/.test(string(control.attributes["class"])) && isInView(control))) return "the window";
  return control.tag === "" || control.tag === "html" || control.tag === "body" ? "the page" : `<${control.tag}>`;
}

/** As assistive technology would name it, as far as that is recorded; empty: it has no name. */
function nameOf(nodes: StoryNodes, node: StoryNode): string {
  const { attributes, tag } = node;
  if (tag === "html" || tag === "body") return "";
  const isField = tag === "input" || tag === "select" || tag === "textarea";
  const isButton = tag === "input" && INPUTS.get(string(attributes["type"]).toLowerCase()) === "button";
  const found =
    said(attributes, "aria-label") ||
    (isField && labelOf(nodes, node)) ||
    (isButton && said(attributes, "value")) ||
    said(attributes, "alt") ||
    (!isField && (controlOf(node) ? textOf(node) : shortText(node))) ||
    said(attributes, "placeholder") ||
    said(attributes, "title") ||
    (isField && said(attributes, "name"));
  return oneLine(found || "", MAX_NAME);
}

/** Of what is no control, only a short text is its name: that of half a page names nothing. */
function shortText(node: StoryNode): string {
  const isSmall = !isInView(node) && node.children.length <= MAX_PARTS && node.children.every(({ children }) => children.length <= MAX_PARTS);
  const text = isSmall ? textOf(node) : "";
  return text.endsWith("…") ? "" : text;
}

const isView = ({ attributes }: StoryNode) => typeof attributes["data-view"] === "string" && typeof attributes["data-content"] === "string";
const isInView = (node: StoryNode) => isView(node) || (node.parent !== null && isView(node.parent));

function labelOf(nodes: StoryNodes, node: StoryNode): string {
  const { attributes, parent } = node;
  const label = nodes.labelFor(string(attributes["id"]));
  if (label && string(attributes["id"]) !== "") return textOf(label);
  for (let around = parent, climbed = 0; around && climbed < MAX_CLIMB; climbed++, around = around.parent) {
    if (around.tag === "label" || isNativeCheck(around)) return textOf(around);
  }
  return textBeside(node);
}

/** What stands beside a native program's field: the text to the left of it, or else above it. Nothing else says what it is for. */
function textBeside(node: StoryNode): string {
  const { attributes, parent } = node;
  const field = nativeKind(node) === "input" ? boxOf(attributes["style"]) : null;
  let [nearest, distance] = ["", MAX_BESIDE];
  for (const other of field && parent ? parent.children : []) {
    const box = BESIDE.has(nativeKind(other) ?? "") ? boxOf(other.attributes["style"]) : null;
    if (!box || !field) continue;
    const isLeft = box.top < field.top + field.height && box.top + box.height > field.top;
    const isAbove = box.left < field.left + field.width && box.left + box.width > field.left;
    const apart = isLeft ? field.left - (box.left + box.width) : isAbove ? field.top - (box.top + box.height) : -MAX_BESIDE;
    // They may overlap a little.
    if (apart < -4 || Math.max(0, apart) >= distance || textOf(other) === "") continue;
    [nearest, distance] = [textOf(other), Math.max(0, apart)];
  }
  return nearest.replace(/:$/, "");
}

/** Farther away, in pixels, a text belongs to something else. */
const MAX_BESIDE = 80;

/** Where a node of a native program lies in its window. */
function boxOf(style: unknown): { left: number; top: number; width: number; height: number } | null {
  const of = (name: string) => Number.parseFloat(new RegExp(`(?:^|;)${name}:(-?[\\d.]+)`).exec(string(style))?.[1] ?? "");
  const [left, top, width, height] = [of("left"), of("top"), of("width"), of("height")];
  return [left, top, width, height].every(Number.isFinite) ? { left, top, width, height } : null;
}

const isNativeCheck = (node: StoryNode) => ["check", "radio"].includes(nativeKind(node) ?? "");

const said = (attributes: Fields, name: string) => string(attributes[name]).trim();
const string = (value: unknown) => (typeof value === "string" ? value : "");
