// The option `privacyConfig`, as the browser SDK takes it, for the library, which refuses what it does not know.
//
// What can't be read is left out and named. What would hide less than the host asked for is never left out because of
// its size or number: the library refuses it, and nothing is recorded.
import { hintOf, isRecord, show, type Warn } from "../model/values.js";

const LEVELS = ["light", "medium", "conservative"];
/** The browser SDK's, for a level that it does not know. */
const DEFAULT_LEVEL = "medium";
const LISTS = ["blockSelector", "maskSelector", "unmaskSelector", "maskAttributes"];
const KEYS = [...LISTS, "defaultMaskLevel", "urlMaskLevels"];
/** As in src/model/privacy.rs. */
const MAX_SELECTOR_BYTES = 4_096;
const MAX_SELECTORS = 1_000;

export function privacyOption(given: unknown, warn: Warn): object | undefined {
  if (!isRecord(given)) {
    warn(`option "privacyConfig" is ${show(given)}, and no object: ignored`);
    return undefined;
  }
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const name = `privacyConfig.${key}`;
    if (LISTS.includes(key)) read[key] = texts(name, value, key === "unmaskSelector", warn);
    else if (key === "defaultMaskLevel") read[key] = level(name, value, warn);
    else if (key === "urlMaskLevels") read[key] = rules(name, value, warn);
    else warn(`unknown option "${name.slice(0, 100)}": ignored${hintOf(key, KEYS)}`);
  }
  return read;
}

function level(name: string, value: unknown, warn: Warn): string {
  if (typeof value === "string" && LEVELS.includes(value)) return value;
  // Stricter than the default, and plainly meant.
  const meant = typeof value === "string" && value.trim().toLowerCase() === "conservative";
  const taken = meant ? "conservative" : DEFAULT_LEVEL;
  warn(`option "${name}" is ${show(value)}, and none of ${LEVELS.join(", ")}: "${taken}" is taken`);
  return taken;
}

/** One text or a list of them. `isRevealing`: to leave one out hides more. */
function texts(name: string, value: unknown, isRevealing: boolean, warn: Warn): string[] | undefined {
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
  const left = all.findIndex((text) => !isUsable(text));
  if (left >= 0) warn(`option "${name}" holds ${show(all[left])}, which selects nothing: ignored`);
  const usable = all.filter(isUsable);
  if (!isRevealing || usable.length <= MAX_SELECTORS) return usable;
  warn(`option "${name}" holds ${usable.length} selectors: the first ${MAX_SELECTORS} are taken, so that more is masked`);
  return usable.slice(0, MAX_SELECTORS);
}

function rules(name: string, value: unknown, warn: Warn): object[] | undefined {
  if (!Array.isArray(value)) {
    warn(`option "${name}" is ${show(value)}, and no list: ignored`);
    return undefined;
  }
  return (value as unknown[]).flatMap((rule) => {
    if (isRecord(rule) && typeof rule["match"] === "string" && rule["match"] !== "" && !rule["match"].includes("\0")) {
      return [{ match: rule["match"], maskLevel: level(`${name}.maskLevel`, rule["maskLevel"], warn) }];
    }
    warn(`option "${name}" holds ${show(rule)}, which has no "match": ignored`);
    return [];
  });
}
