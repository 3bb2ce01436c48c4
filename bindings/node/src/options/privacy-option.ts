// The option `privacyConfig`, from what the browser SDK accepts to what the library accepts.
//
// What can't be read is left out, and the log names it. But what hides something is never left out for its size or
// number, because then less would be hidden than the host asked for: the library refuses it, and nothing is recorded.
import { MASK_LEVELS } from "../model/shared/choices.js";
import { DEFAULT_MASK_LEVEL, MAX_SELECTORS, MAX_SELECTOR_BYTES, type MaskLevel } from "../model/shared/privacy.js";
import { isObject, show, type Warn } from "../model/values.js";
import { isOneOf, suggestionFor } from "./validation.js";

const LISTS = ["blockSelector", "maskSelector", "unmaskSelector", "maskAttributes"] as const;
const KEYS = [...LISTS, "defaultMaskLevel", "urlMaskLevels"];

export function readPrivacyConfig(given: unknown, warn: Warn): object | undefined {
  if (!isObject(given)) {
    warn(`option "privacyConfig" is ${show(given)}, and no object: ignored`);
    return undefined;
  }
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const name = `privacyConfig.${key}`;
    if (isOneOf(LISTS, key)) read[key] = readSelectors(name, value, key === "unmaskSelector", warn);
    else if (key === "defaultMaskLevel") read[key] = readLevel(name, value, warn);
    else if (key === "urlMaskLevels") read[key] = readUrlLevels(name, value, warn);
    else warn(`unknown option "${name.slice(0, 100)}": ignored${suggestionFor(key, KEYS)}`);
  }
  return read;
}

function readLevel(name: string, value: unknown, warn: Warn): MaskLevel {
  if (isOneOf(MASK_LEVELS, value)) return value;
  // Stricter than the default, and plainly meant.
  const isConservative = typeof value === "string" && value.trim().toLowerCase() === "conservative";
  const level = isConservative ? "conservative" : DEFAULT_MASK_LEVEL;
  warn(`option "${name}" is ${show(value)}, and none of ${MASK_LEVELS.join(", ")}: "${level}" is used`);
  return level;
}

/** One text or a list of them. `isRevealing`: leaving one out hides more, and so is safe. */
function readSelectors(name: string, value: unknown, isRevealing: boolean, warn: Warn): string[] | undefined {
  if (typeof value !== "string" && !Array.isArray(value)) {
    warn(`option "${name}" is ${show(value)}, and neither a text nor a list of them: ignored`);
    return undefined;
  }
  const isUsable = (text: unknown): text is string =>
    typeof text === "string" &&
    text.trim() !== "" &&
    !text.includes("\0") &&
    !(isRevealing && Buffer.byteLength(text) > MAX_SELECTOR_BYTES);
  const all: unknown[] = typeof value === "string" ? [value] : value;
  const firstUnusable = all.findIndex((text) => !isUsable(text));
  if (firstUnusable >= 0) warn(`option "${name}" holds ${show(all[firstUnusable])}, which selects nothing: ignored`);
  const usable = all.filter(isUsable);
  if (!isRevealing || usable.length <= MAX_SELECTORS) return usable;
  warn(`option "${name}" holds ${usable.length} selectors: the first ${MAX_SELECTORS} are used, so that more is masked`);
  return usable.slice(0, MAX_SELECTORS);
}

function readUrlLevels(name: string, value: unknown, warn: Warn): object[] | undefined {
  if (!Array.isArray(value)) {
    warn(`option "${name}" is ${show(value)}, and no list: ignored`);
    return undefined;
  }
  return (value as unknown[]).flatMap((rule) => {
    if (isObject(rule) && typeof rule["match"] === "string" && rule["match"] !== "" && !rule["match"].includes("\0")) {
      return [{ match: rule["match"], maskLevel: readLevel(`${name}.maskLevel`, rule["maskLevel"], warn) }];
    }
    warn(`option "${name}" holds ${show(rule)}, which has no "match": ignored`);
    return [];
  });
}
