// Which events rrweb's player can play. Its errors stop a replay for good, so what it would throw on is left out. The
// server reports the same as problems (viewer/src/batch/playable.rs); both are held to viewer/tests/playable.json.

import { type Fields, isFields } from "../model/json";
import { EventType, NodeType, Source } from "../model/rrweb-event";

/** rrweb's kinds of mouse interaction are 0 to 10. */
const LAST_INTERACTION = 10;

/** Whether the player can play an event. */
export function isPlayable(type: number, data: unknown): boolean {
  // The player does not read the data of other types.
  if (type < EventType.FullSnapshot || type > EventType.Plugin || !Number.isInteger(type)) return true;
  if (!isFields(data)) return false;
  if (type === EventType.Meta) return isSize(data);
  if (type === EventType.Incremental) return isNumber(data["source"]) && isChange(data["source"], data);
  if (type !== EventType.FullSnapshot) return true;
  return isFields(data["node"]) && isTree(data["node"]) && isOptional(data["initialOffset"], isFields);
}

export const isMove = (source: unknown) =>
  source === Source.MouseMove || source === Source.TouchMove || source === Source.Drag;

function isChange(source: number, data: Fields): boolean {
  if (isMove(source)) return isListOf(data["positions"], (position) => isFields(position) && isNumber(position["timeOffset"]));
  switch (source) {
    case Source.MouseInteraction:
      return isNumber(data["type"]) && Number.isInteger(data["type"]) && data["type"] >= 0 && data["type"] <= LAST_INTERACTION;
    case Source.ViewportResize:
      return isSize(data);
    case Source.StyleSheetRule:
      return ["adds", "removes"].every((key) => isOptional(data[key], (list) => isListOf(list, isFields)));
    case Source.StyleDeclaration:
      return !(data["set"] || data["remove"]) || Array.isArray(data["index"]);
    case Source.AdoptedStyleSheet:
      return Array.isArray(data["styleIds"]) && isOptional(data["styles"], (list) => isListOf(list, isFields));
    default:
      return true;
  }
}

const isSize = (data: Fields) => isNumber(data["width"]) && isNumber(data["height"]);

function isTree({ type, childNodes }: Fields): boolean {
  const isParent = type === NodeType.Document || type === NodeType.Element;
  return isNumber(type) && (!isParent || Array.isArray(childNodes));
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isListOf = (list: unknown, is: (item: unknown) => boolean) => Array.isArray(list) && list.every(is);
const isOptional = (value: unknown, is: (value: unknown) => boolean) => value == null || is(value);
