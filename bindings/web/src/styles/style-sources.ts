// The source text of style sheets, where it is available: the rules that a browser gives back have lost shorthands that
// hold `var()`. A sheet whose source is not available is reported.

import { localNameOf, shadowRootOf, textContentOf } from "../dom/native-dom";
import type { AdoptedStyleSheetData } from "../model/rrweb-event";
import { absoluteUrls, hasLostShorthand, splitRules } from "./css-rules";

/** Characters that are kept of a sheet that a script has written. */
const MAX_SOURCE_LENGTH = 500_000;

type AdoptedStyles = NonNullable<AdoptedStyleSheetData["styles"]>[number];

export class StyleSources {
  /** What scripts wrote into sheets, if a shorthand may be lost in it. */
  private readonly written = new WeakMap<CSSStyleSheet, string>();
  /** By the rule that the browser gives back, the rule as it was written. */
  private readonly parsed = new WeakMap<object, { text: string; rules: Map<string, string> }>();
  /** Sheets that were sent for a component which the recording does not have. */
  private readonly orphans = new Set<number>();
  private scratch: CSSStyleSheet | null = null;

  /** `onLost` is called with a description of a sheet that has lost a shorthand. */
  constructor(private readonly onLost: (sheet: string) => void) {}

  /** A script has written into a sheet; `isAll`: nothing else is in it now. */
  onWrite(sheet: CSSStyleSheet, text: string, isAll: boolean): void {
    const before = isAll ? "" : (this.written.get(sheet) ?? "");
    if (isAll) this.written.delete(sheet);
    if (!text.includes("var(") || before.length + text.length > MAX_SOURCE_LENGTH) return;
    this.written.set(sheet, before === "" ? text : `${before}\n${text}`);
  }

  /** What rrweb recorded of this element's sheet, with the rules as they were written where the browser lost some. */
  repair(cssText: string, element: Element | null): string {
    if (!hasLostShorthand(cssText) || !element) return cssText;
    const isStyle = localNameOf.call(element) === "style";
    const { sheet } = element as HTMLStyleElement;
    const text = `${isStyle ? textContentOf.call(element) : ""}\n${(sheet && this.written.get(sheet)) ?? ""}`;
    let repaired = cssText;
    for (const [rule, source] of this.rules(element, text)) {
      const recorded = absoluteUrls(rule, element.baseURI);
      if (repaired.includes(recorded)) repaired = repaired.split(recorded).join(absoluteUrls(source, element.baseURI));
    }
    if (hasLostShorthand(repaired)) {
      const { href } = element as HTMLLinkElement;
      this.onLost(isStyle ? "a <style>" : (href ?? "a <link>").slice(0, 200));
    }
    return repaired;
  }

  /** The same for sheets that a component, or the document, has adopted. */
  repairAdopted(data: AdoptedStyleSheetData, host: Node | null): void {
    if (!host || data.id < 1) {
      for (const { styleId } of data.styles ?? []) this.orphans.add(styleId);
      return;
    }
    const root = ("adoptedStyleSheets" in host ? host : shadowRootOf.call(host)) as ShadowRoot | null;
    const sheets = root?.adoptedStyleSheets ?? [];
    data.styleIds.forEach((styleId, i) => {
      const sheet = sheets[i];
      if (!sheet) return;
      if (this.orphans.delete(styleId)) {
        const rules = Array.from(sheet.cssRules, ({ cssText }, index) => ({ rule: cssText, index }));
        (data.styles ??= []).push({ styleId, rules });
      }
      const styles = data.styles?.find((other) => other.styleId === styleId);
      if (styles && sheet.disabled) styles.rules = [];
      if (styles) this.repairRules(styles, sheet);
    });
  }

  /** Makes the URLs in a style sheet's text absolute. */
  absolute(css: string, node: Node): string {
    return absoluteUrls(css, node.baseURI);
  }

  /** To be called before a full snapshot, which sends all sheets again. */
  reset(): void {
    this.orphans.clear();
  }

  private repairRules(styles: AdoptedStyles, sheet: CSSStyleSheet): void {
    if (!styles.rules.some(({ rule }) => hasLostShorthand(rule))) return;
    const sources = this.rules(sheet, this.written.get(sheet) ?? "");
    for (const recorded of styles.rules) {
      if (hasLostShorthand(recorded.rule)) recorded.rule = sources.get(recorded.rule) ?? recorded.rule;
    }
    if (styles.rules.some(({ rule }) => hasLostShorthand(rule))) this.onLost("an adopted sheet");
  }

  private rules(owner: object, text: string): Map<string, string> {
    const known = this.parsed.get(owner);
    if (known?.text === text) return known.rules;
    const rules = new Map<string, string>();
    for (const rule of splitRules(text)) {
      if (!rule.includes("var(")) continue;
      const parsed = this.parse(rule);
      if (parsed !== null && hasLostShorthand(parsed)) rules.set(parsed, rule);
    }
    this.parsed.set(owner, { text, rules });
    return rules;
  }

  /** One rule as the browser gives it back. */
  private parse(rule: string): string | null {
    try {
      this.scratch ??= new CSSStyleSheet();
      this.scratch.replaceSync(rule);
      return this.scratch.cssRules.length === 1 ? (this.scratch.cssRules[0]?.cssText ?? null) : null;
    } catch {
      return null;
    }
  }
}
