// Parses the browser SDK's `privacyConfig`, from whatever the host sent.

import { replaceSync } from "../dom/native-dom";
import { DEFAULT_MASK_LEVEL, MASK_LEVELS, type MaskLevel } from "../model/shared";
import { Glob } from "./glob";

export const BLOCK_CLASS = "amp-block";
const MASK_CLASS = "amp-mask";
const UNMASK_CLASS = "amp-unmask";
/** A selector that matches nothing. */
export const NOTHING = ":not(*)";

/** A privacy configuration that can be applied without checking it again. */
export interface Privacy {
  level: MaskLevel;
  urlLevels: { glob: Glob; level: MaskLevel }[];
  /** The host's selectors, for rrweb; null: nothing beside the class. */
  blockSelector: string | null;
  /** Selectors that include the class. */
  block: string;
  mask: string;
  unmask: string;
  /** What any of these selects, and what can be edited. */
  anyRule: string;
  /** In small letters, as HTML has them. */
  attributes: string[];
  /** What could not be parsed, in a sentence each. */
  problems: string[];
}

/** An unknown level masks everything; an invalid selector is ignored. */
export function parsePrivacyConfig(given: unknown): Privacy {
  const problems: string[] = [];
  const config = objectOr(given, {}, () => problems.push("privacyConfig is not an object: the defaults apply"));
  const block = selectors(config["blockSelector"], "blockSelector", problems);
  const mask = selectors(config["maskSelector"], "maskSelector", problems);
  const unmask = selectors(config["unmaskSelector"], "unmaskSelector", problems);
  const classed = { block: withClass(BLOCK_CLASS, block), mask: withClass(MASK_CLASS, mask), unmask: withClass(UNMASK_CLASS, unmask) };
  return {
    ...classed,
    anyRule: [...Object.values(classed), "[contenteditable]"].join(","),
    level: level(config["defaultMaskLevel"], "defaultMaskLevel", problems),
    urlLevels: urlLevels(config["urlMaskLevels"], problems),
    blockSelector: block.length > 0 ? block.join(",") : null,
    // rrweb compares and sends `style` separately; masking half of it would only break the picture.
    attributes: strings(config["maskAttributes"], "maskAttributes", problems)
      .map((name) => name.toLowerCase())
      .filter((name) => name !== "style"),
    problems,
  };
}

const withClass = (name: string, selectors: string[]) => [`.${name}`, ...selectors].join(",");

/** Whether this can be a configuration at all. */
export const isObject = (given: unknown): given is Record<string, unknown> =>
  typeof given === "object" && given !== null && !Array.isArray(given);

function objectOr(given: unknown, fallback: Record<string, unknown>, complain: () => void): Record<string, unknown> {
  if (given === undefined || given === null) return fallback;
  if (isObject(given)) return given;
  complain();
  return fallback;
}

function level(given: unknown, name: string, problems: string[]): MaskLevel {
  if (given === undefined || given === null) return DEFAULT_MASK_LEVEL;
  if (MASK_LEVELS.includes(given as MaskLevel)) return given as MaskLevel;
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
      problems.push(`urlMaskLevels[${i}].match must be a string`);
      return [];
    }
    return [
      { glob: new Glob(rule.match), level: level(rule.maskLevel, `urlMaskLevels[${i}].maskLevel`, problems) },
    ];
  });
}

function strings(given: unknown, name: string, problems: string[]): string[] {
  if (given === undefined || given === null) return [];
  const list: unknown[] = Array.isArray(given) ? given : [given];
  return list.filter((item): item is string => {
    if (typeof item === "string" && item !== "") return true;
    problems.push(`${name} must hold strings`);
    return false;
  });
}

function selectors(given: unknown, name: string, problems: string[]): string[] {
  const empty = document.createDocumentFragment();
  return strings(given, name, problems).flatMap((selector) => {
    try {
      empty.querySelector(selector);
      return [closed(selector)];
    } catch {
      problems.push(`${name}: "${selector}" is not a CSS selector and is ignored`);
      return [];
    }
  });
}

/**
 * The selector as part of a list: a bracket, a text or a comment that is still open ends where it ends, and would go on with the next
 * one.
 */
function closed(selector: string): string {
  try {
    const sheet = new CSSStyleSheet();
    replaceSync.call(sheet, `${selector}{}`);
    if (sheet.cssRules.length === 1) return selector;
    replaceSync.call(sheet, `${NOTHING}{}`);
    const rule = sheet.cssRules[0] as CSSStyleRule;
    rule.selectorText = selector;
    return rule.selectorText === NOTHING ? selector : rule.selectorText;
  } catch {
    // Not every web view can make a sheet.
    return selector;
  }
}
