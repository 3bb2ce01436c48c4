// The option `interactionConfig`, from what the browser SDK accepts to what the library accepts. As in the browser SDK, rules
// about addresses that are none keep recording from starting: what they were to hide would be told.
import { isObject, show, type Warn } from "../model/values.js";
import { suggestionFor, truth, whole } from "./validation.js";

const KEYS = ["enabled", "batch", "trackEveryNms", "ugcFilterRules"];
const MAX_INTERVAL_MS = 86_400_000;

export function readInteractionConfig(given: unknown, warn: Warn): object | undefined {
  if (!isObject(given)) return void warn(`option "interactionConfig" is ${show(given)}, and no object: ignored`);
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const name = `interactionConfig.${key}`;
    if (key === "enabled" || key === "batch") read[key] = truth(name)(value, warn);
    else if (key === "trackEveryNms") read[key] = whole(name, [0, MAX_INTERVAL_MS])(value, warn);
    else if (key === "ugcFilterRules") read[key] = value;
    else warn(`unknown option "${name.slice(0, 100)}": ignored${suggestionFor(key, KEYS)}`);
  }
  return read;
}
