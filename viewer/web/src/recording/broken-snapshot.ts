// What is wrong with a full snapshot that no player can build.

import { isFields } from "../model/json";

export interface BrokenSnapshot {
  /** In the order of arrival, counted from 0. */
  number: number;
  /** What is wrong, behind "it". */
  fault: string;
}

export function snapshotFault(data: unknown): string {
  if (!isFields(data)) return "has no object `data`";
  const { node } = data;
  if (!isFields(node)) return "has no object `data.node`, the document";
  if (typeof node["type"] !== "number") return "has a `data.node` without a numeric `type`";
  if (!Array.isArray(node["childNodes"])) return "has a `data.node` whose `childNodes` are no list";
  return "has an `initialOffset` that is no object";
}
