// What is logged, as JSON, in the way of rrweb's console plugin. It runs none of the page's code (no getters, `toJSON` or
// `toString`; a proxy's traps can't be avoided), and both its work and its text are bounded. No text of an element is in it:
// whether that is masked is known elsewhere.

import { cutMasked } from "../privacy/secrets";
import { toJson } from "../send/json";
import { wellKnown } from "./well-known";

/** Characters of the texts in one message. */
export const MAX_MESSAGE_LENGTH = 10_000;
/** Values in one message, those inside of others too. */
const MAX_VALUES = 1_000;
const MAX_MEMBERS = 100;
const MAX_DEPTH = 4;
const MAX_ARGUMENTS = 50;

const { getOwnPropertyDescriptor, keys } = Object;

/** What was passed to the console, a text of JSON for each. */
export function describeAll(given: readonly unknown[]): string[] {
  const description = new Description();
  const described = given.slice(0, MAX_ARGUMENTS).map((value) => toJson(description.of(value)));
  if (given.length > MAX_ARGUMENTS) described.push(toJson(`… ${given.length - MAX_ARGUMENTS} more`));
  return described;
}

/** Makes values that JSON has of any others. */
class Description {
  private charactersLeft = MAX_MESSAGE_LENGTH;
  private valuesLeft = MAX_VALUES;
  private readonly ancestors: object[] = [];
  private readonly path: string[] = [];

  of(value: unknown): unknown {
    if (this.valuesLeft-- <= 0 || this.charactersLeft <= 0) return "…";
    try {
      return this.plain(value);
    } catch {
      return "[a value that can't be read]";
    }
  }

  private plain(value: unknown): unknown {
    switch (typeof value) {
      case "string":
        return this.text(value);
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "boolean":
        return value;
      case "bigint":
        return this.text(`${value}n`);
      case "undefined":
        return "undefined";
      case "symbol":
        return this.text(String(value));
      case "function":
        return this.text(`ƒ ${String(getOwnPropertyDescriptor(value, "name")?.value ?? "")}()`);
      default:
        return value === null ? null : this.object(value as object);
    }
  }

  private object(value: object): unknown {
    const at = this.ancestors.indexOf(value);
    if (at >= 0) return ["[Circular ~", ...this.path.slice(0, at)].join(".") + "]";
    const known = wellKnown(value);
    if (known !== undefined) return this.text(known);
    if (this.ancestors.length > MAX_DEPTH) return Array.isArray(value) ? `[Array(${value.length})]` : "[object Object]";
    this.ancestors.push(value);
    try {
      return Array.isArray(value) ? this.array(value) : this.members(value);
    } finally {
      this.ancestors.pop();
    }
  }

  private array(value: unknown[]): unknown[] {
    const shown = Math.min(value.length, MAX_MEMBERS);
    const items = Array.from({ length: shown }, (_, i) => this.member(value, String(i)));
    if (value.length > shown) items.push(`… ${value.length - shown} more`);
    return items;
  }

  private members(value: object): Record<string, unknown> {
    const names = keys(value);
    const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const name of names.slice(0, MAX_MEMBERS)) result[this.text(name)] = this.member(value, name);
    if (names.length > MAX_MEMBERS) result["…"] = `${names.length - MAX_MEMBERS} more`;
    return result;
  }

  private member(holder: object, name: string): unknown {
    const own = getOwnPropertyDescriptor(holder, name);
    if (own && !("value" in own)) return "(...)";
    this.path.push(name);
    try {
      return this.of(own?.value);
    } finally {
      this.path.pop();
    }
  }

  private text(text: string): string {
    const left = Math.max(0, this.charactersLeft);
    const shown = text.length > left ? `${cutMasked(text, left)}…` : text;
    this.charactersLeft -= shown.length + 2;
    return shown;
  }
}
