// Style sheets as their authors wrote them, where the text is at hand: a browser's own account of a rule loses shorthands
// that hold `var()`. Rules whose text is not at hand are counted, so that somebody can say so.

import { absoluteUrls, hasLostShorthand, splitRules } from "./css-rules";
import { localNameOf, shadowRootOf, textOf } from "../dom/native-dom";
import type { AdoptedStyles } from "../privacy/sanitizer";

/** Characters that are remembered of a sheet that a script has made. */
const MAX_REMEMBERED = 500_000;

type Styles = NonNullable<AdoptedStyles["styles"]>[number];

export class StyleTexts {
  /** What scripts wrote into sheets, if a shorthand may be lost in it. */
  private readonly written = new WeakMap<CSSStyleSheet, string>();
  /** By what the browser makes of a rule, the rule as it was written. */
  private readonly understood = new WeakMap<object, { text: string; rules: Map<string, string> }>();
  /** Sheets that were told of a component which the recording does not know. */
  private readonly orphans = new Set<number>();
  private scratch: CSSStyleSheet | null = null;

  /** `lost` is told of a sheet, and is to say so. */
  constructor(private readonly lost: (sheet: string) => void) {}

  /** A script has written into a sheet; `isAll`: nothing else is in it now. */
  wrote(sheet: CSSStyleSheet, text: string, isAll: boolean): void {
    const before = isAll ? "" : (this.written.get(sheet) ?? "");
    if (isAll) this.written.delete(sheet);
    if (!text.includes("var(") || before.length + text.length > MAX_REMEMBERED) return;
    this.written.set(sheet, before === "" ? text : `${before}\n${text}`);
  }

  /** rrweb's account of this element's sheet, with the rules as they were written where the browser lost some. */
  repair(cssText: string, element: Element | null): string {
    if (!hasLostShorthand(cssText) || !element) return cssText;
    const isStyle = localNameOf.call(element) === "style";
    const { sheet } = element as HTMLStyleElement;
    const text = `${isStyle ? textOf.call(element) : ""}\n${(sheet && this.written.get(sheet)) ?? ""}`;
    let repaired = cssText;
    for (const [rule, source] of this.rules(element, text)) {
      const known = absoluteUrls(rule, element.baseURI);
      if (repaired.includes(known)) repaired = repaired.split(known).join(absoluteUrls(source, element.baseURI));
    }
    if (hasLostShorthand(repaired)) {
      const { href } = element as HTMLLinkElement;
      this.lost(isStyle ? "a <style>" : (href ?? "a <link>").slice(0, 200));
    }
    return repaired;
  }

  /** The same for sheets that a component, or the document, has adopted. */
  repairAdopted(data: AdoptedStyles, host: Node | null): void {
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
      const styles = data.styles?.find((told) => told.styleId === styleId);
      if (styles) this.repairRules(styles, sheet);
    });
  }

  /** Makes the addresses in a style sheet's text whole. */
  absolute(css: string, node: Node): string {
    return absoluteUrls(css, node.baseURI);
  }

  /** A full snapshot tells of all sheets again. */
  forget(): void {
    this.orphans.clear();
  }

  private repairRules(styles: Styles, sheet: CSSStyleSheet): void {
    if (!styles.rules.some(({ rule }) => hasLostShorthand(rule))) return;
    const sources = this.rules(sheet, this.written.get(sheet) ?? "");
    for (const told of styles.rules) {
      if (hasLostShorthand(told.rule)) told.rule = sources.get(told.rule) ?? told.rule;
    }
    if (styles.rules.some(({ rule }) => hasLostShorthand(rule))) this.lost("an adopted sheet");
  }

  private rules(of: object, text: string): Map<string, string> {
    const known = this.understood.get(of);
    if (known?.text === text) return known.rules;
    const rules = new Map<string, string>();
    for (const rule of splitRules(text)) {
      if (!rule.includes("var(")) continue;
      const read = this.read(rule);
      if (read !== null && hasLostShorthand(read)) rules.set(read, rule);
    }
    this.understood.set(of, { text, rules });
    return rules;
  }

  /** What the browser makes of one rule. */
  private read(rule: string): string | null {
    try {
      this.scratch ??= new CSSStyleSheet();
      this.scratch.replaceSync(rule);
      return this.scratch.cssRules.length === 1 ? (this.scratch.cssRules[0]?.cssText ?? null) : null;
    } catch {
      return null;
    }
  }
}
