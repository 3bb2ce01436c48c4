// What a host may ask to be masked or left out: the browser SDK's `privacyConfig`, read from whatever the host sent.

import { globPattern } from "./glob";

/** light: sensitive inputs; medium: all inputs; conservative: all inputs and all text. */
export type MaskLevel = "light" | "medium" | "conservative";

/** The `privacyConfig` of `@amplitude/session-replay-browser`. */
export interface PrivacyConfig {
  /** What is left out altogether, beside `.amp-block`. */
  blockSelector?: string | string[];
  /** Masked unless something more particular is said. Default: medium. */
  defaultMaskLevel?: MaskLevel;
  /** Masked at every level, beside `.amp-mask`. */
  maskSelector?: string | string[];
  /** Shown at every level, beside `.amp-unmask`; what is to be masked, and passwords, stay masked. */
  unmaskSelector?: string | string[];
  /** Attributes that are masked where the element's text, or input, is. */
  maskAttributes?: string[];
  /** Levels of the pages whose address matches a glob; the first match wins over `defaultMaskLevel`. */
  urlMaskLevels?: { match: string; maskLevel: MaskLevel }[];
}

export const BLOCK_CLASS = "amp-block";
const MASK_CLASS = "amp-mask";
const UNMASK_CLASS = "amp-unmask";
const LEVELS: readonly unknown[] = ["light", "medium", "conservative"];

/** A privacy configuration that can be applied without looking at it again. */
export interface Privacy {
  level: MaskLevel;
  urlLevels: { pattern: RegExp; level: MaskLevel }[];
  /** What the host named, for rrweb; null: nothing beside the class. */
  blockSelector: string | null;
  /** Selectors that hold the class too. */
  block: string;
  mask: string;
  unmask: string;
  attributes: string[];
  /** What could not be understood, in a sentence each. */
  problems: string[];
}

/** Understands a configuration. A level that does not exist masks everything; a selector that is not one is left out. */
export function readPrivacy(given: unknown): Privacy {
  const problems: string[] = [];
  const config = objectOr(given, {}, () => problems.push("privacyConfig is not an object: the defaults apply"));
  const block = selectors(config["blockSelector"], "blockSelector", problems);
  const mask = selectors(config["maskSelector"], "maskSelector", problems);
  const unmask = selectors(config["unmaskSelector"], "unmaskSelector", problems);
  return {
    level: level(config["defaultMaskLevel"], "defaultMaskLevel", problems),
    urlLevels: urlLevels(config["urlMaskLevels"], problems),
    blockSelector: block.length > 0 ? block.join(",") : null,
    block: [`.${BLOCK_CLASS}`, ...block].join(","),
    mask: [`.${MASK_CLASS}`, ...mask].join(","),
    unmask: [`.${UNMASK_CLASS}`, ...unmask].join(","),
    // Style is compared and sent by rrweb on a way of its own; masking half of it would only break the picture.
    attributes: texts(config["maskAttributes"], "maskAttributes", problems).filter((name) => name !== "style"),
    problems,
  };
}

/** Whether this can be a configuration at all. */
export const isConfig = (given: unknown): given is Record<string, unknown> =>
  typeof given === "object" && given !== null && !Array.isArray(given);

function objectOr(given: unknown, otherwise: Record<string, unknown>, complain: () => void): Record<string, unknown> {
  if (given === undefined || given === null) return otherwise;
  if (isConfig(given)) return given;
  complain();
  return otherwise;
}

function level(given: unknown, name: string, problems: string[]): MaskLevel {
  if (given === undefined || given === null) return "medium";
  if (LEVELS.includes(given)) return given as MaskLevel;
  problems.push(`${name} must be "light", "medium" or "conservative": everything is masked until it is`);
  return "conservative";
}

function urlLevels(given: unknown, problems: string[]): Privacy["urlLevels"] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    problems.push("urlMaskLevels must be an array of { match, maskLevel }");
    return [];
  }
  return given.flatMap((rule: { match?: unknown; maskLevel?: unknown } | null, i) => {
    if (typeof rule?.match !== "string") {
      problems.push(`urlMaskLevels[${i}].match must be a text`);
      return [];
    }
    return [
      { pattern: globPattern(rule.match), level: level(rule.maskLevel, `urlMaskLevels[${i}].maskLevel`, problems) },
    ];
  });
}

function texts(given: unknown, name: string, problems: string[]): string[] {
  if (given === undefined || given === null) return [];
  const list: unknown[] = Array.isArray(given) ? given : [given];
  return list.filter((text): text is string => {
    if (typeof text === "string" && text !== "") return true;
    problems.push(`${name} must hold texts`);
    return false;
  });
}

function selectors(given: unknown, name: string, problems: string[]): string[] {
  const nowhere = document.createDocumentFragment();
  return texts(given, name, problems).filter((selector) => {
    try {
      nowhere.querySelector(selector);
      return true;
    } catch {
      problems.push(`${name}: "${selector}" is not a CSS selector, and is left out`);
      return false;
    }
  });
}
