// Masks the values of a message. They are JSON: each text in them is masked as it was before it was written as JSON, where a
// header's value ends at the end of its line, not of the text.

import { isSecretName } from "../privacy/secret-names";
import { FIXED_MASK, maskSecrets } from "../privacy/secrets";
import { toJson } from "../send/json";

/** No probe reports deeper ones, but another world may say anything. */
const MAX_DEPTH = 32;

type Mask = (text: string) => string;

/** Of `console.log("token:", value)` the value is a secret, too. */
export function maskValues(texts: string[], mask: Mask): string[] {
  const values = texts.map(parsed);
  const isSecret = (i: number) => i > 0 && announcesSecret(values[i - 1]);
  return values.map((value, i) => toJson(isSecret(i) ? FIXED_MASK : masked(value, mask, 0)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a text ends so that what follows it would be masked. */
const announcesSecret = (value: unknown): boolean =>
  typeof value === "string" && /[:=]\s?$/.test(value) && maskSecrets(`${value.slice(-200)} sample`).endsWith(FIXED_MASK);

function masked(value: unknown, mask: Mask, depth: number): unknown {
  if (typeof value === "string") return mask(value);
  if (typeof value === "number") return mask(String(value)) === String(value) ? value : FIXED_MASK;
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return FIXED_MASK;
  if (Array.isArray(value)) return value.map((item) => masked(item, mask, depth + 1));
  // Without a prototype a member may have any name.
  const members = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(value))
    members[mask(name)] = isSecretName(name) ? FIXED_MASK : masked(member, mask, depth + 1);
  return members;
}
