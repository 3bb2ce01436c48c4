// Injected: tells what scripts do to style sheets: rules added, removed, replaced, their declarations set. Each report is a call
// that the preload script makes again in its world: the call's name, the rule's place in its sheet, and what was given.
//
// Of a sheet with an element the report is an event on that. Another world can't be given a constructed sheet, but has the one
// that a shadow root adopts: that of an element which only this script and the preload script know.
import type { AskForTools, PageWindow } from "./tools.js";

/** It runs in the page's world, so it must not use anything outside itself. */
export function reportSheetRules(event: string): void {
  type Parent = CSSStyleSheet | CSSGroupingRule;
  const ask: AskForTools = new CustomEvent(`${event}-tools`, { detail: {} });
  document.dispatchEvent(ask);
  const { getter, wrap, report, eachWindow } = ask.detail.tools!;
  const { apply, getOwnPropertyDescriptor } = Reflect;
  const { dispatchEvent } = EventTarget.prototype;
  const Report = CustomEvent;
  const schedule = queueMicrotask;
  const ownerOf = getter<Node | null>(StyleSheet.prototype, "ownerNode");
  const parentOf = getter<CSSRule | null>(CSSRule.prototype, "parentRule");
  const sheetOf = getter<CSSStyleSheet | null>(CSSRule.prototype, "parentStyleSheet");
  const textOf = getter<string>(CSSRule.prototype, "cssText");
  const ruleOf = getter<CSSRule | null>(CSSStyleDeclaration.prototype, "parentRule");
  /** Rules that are watched until the page's script is done: more are only being read. */
  const MAX_WATCHED = 200;

  const carriers = new WeakMap<object, (sheet: CSSStyleSheet, detail: string) => void>();
  const addCarrier = (page: PageWindow) => {
    const carrier = page.document.createElement("div");
    const root = carrier.attachShadow({ mode: "open" });
    const { set } = getOwnPropertyDescriptor(page.ShadowRoot.prototype, "adoptedStyleSheets")!;
    page.document.dispatchEvent(new page.FocusEvent(`${event}-carrier`, { relatedTarget: carrier }));
    carriers.set(page.CSSStyleSheet.prototype, (sheet, detail) => {
      apply(set!, root, [[sheet]]);
      apply(dispatchEvent, carrier, [new Report(event, { detail })]);
      apply(set!, root, [[]]);
    });
  };
  const tell = (sheet: CSSStyleSheet, call: string, path: number[], key: unknown, text: string) => {
    let detail = call + "\n";
    for (let i = 0; i < path.length; i++) detail += (i > 0 ? "," : "") + path[i];
    detail += `\n${key}\n${text}`;
    const owner = ownerOf(sheet);
    if (owner) report(owner, detail);
    else carriers.get(Object.getPrototypeOf(sheet) as object)?.(sheet, detail);
  };

  const indices = new WeakMap<CSSRule, number>();
  const indexIn = (parent: Parent, rule: CSSRule) => {
    const { cssRules } = parent;
    const known = indices.get(rule);
    if (known !== undefined && cssRules[known] === rule) return known;
    for (let i = 0; i < cssRules.length; i++) {
      if (cssRules[i] !== rule) continue;
      indices.set(rule, i);
      return i;
    }
    return -1;
  };
  /** Where a rule stands, or the innermost one around it that rrweb can name: it knows rules in grouping rules only. */
  const placeOf = (rule: CSSRule) => {
    const chain: CSSRule[] = [rule];
    for (let parent = parentOf(rule); parent; parent = parentOf(parent)) chain.unshift(parent);
    const sheet = sheetOf(rule);
    if (!sheet) return null;
    let parent: Parent = sheet;
    const path: number[] = [];
    for (const inner of chain) {
      const index = indexIn(parent, inner);
      if (index < 0) return null;
      path.push(index);
      if (!(inner instanceof CSSGroupingRule) || inner === rule) return { sheet, path, rule: inner };
      parent = inner;
    }
    return null;
  };

  /** Rules as they were when the page asked for something of them that it can change; `null`: they have changed. */
  const watched = new Map<CSSRule, string | null>();
  const compare = () => {
    const changed = new Map<CSSRule, { sheet: CSSStyleSheet; path: number[] }>();
    for (const [rule, before] of watched) {
      try {
        if (before === textOf(rule)) continue;
        const place = placeOf(rule);
        if (place) changed.set(place.rule, place);
      } catch {
        // The page has its rule.
      }
    }
    watched.clear();
    for (const [rule, { sheet, path }] of changed) {
      try {
        const [index, parent] = [path[path.length - 1], path.slice(0, -1)];
        tell(sheet, "deleteRule", parent, index, "");
        tell(sheet, "insertRule", parent, index, textOf(rule));
      } catch {
        // The page has its rule.
      }
    }
  };
  const watch = (rule: CSSRule | null, hasChanged: boolean) => {
    if (!rule || (!hasChanged && (watched.has(rule) || watched.size >= MAX_WATCHED))) return;
    if (watched.size === 0) schedule(compare);
    watched.set(rule, hasChanged ? null : textOf(rule));
  };
  const onChanged = (rule: CSSRule) => watch(rule, true);
  const onAsked = (rule: CSSRule) => watch(rule, false);

  /** A call on a rule that takes rules, or on the declarations of a rule. */
  const tellOfRule = (rule: CSSRule, call: string, key: unknown, text: string) => {
    const place = placeOf(rule);
    if (place?.rule === rule) tell(place.sheet, call, place.path, key, text);
    else onChanged(rule);
  };
  const onDeclaration = (call: string) => (style: CSSStyleDeclaration, [name, value, priority]: unknown[]) => {
    const rule = ruleOf(style);
    if (!rule) return;
    tellOfRule(rule, call, priority ?? "", `${name}\n${value ?? ""}`);
    if (watched.get(rule)) watched.set(rule, textOf(rule));
  };
  /** What was changed before a call that is told by itself. */
  const beforeDeclaration = (style: CSSStyleDeclaration) => {
    const rule = ruleOf(style);
    const before = rule && watched.get(rule);
    if (rule && before && before !== textOf(rule)) watched.set(rule, null);
  };

  const watchSheets = ({ CSSStyleSheet: { prototype } }: PageWindow) => {
    wrap(prototype, "insertRule", "value", (sheet: CSSStyleSheet, [rule, index]) => tell(sheet, "insertRule", [], index ?? 0, `${rule}`));
    wrap(prototype, "deleteRule", "value", (sheet: CSSStyleSheet, [index]) => tell(sheet, "deleteRule", [], index, ""));
    wrap(prototype, "addRule", "value", (sheet: CSSStyleSheet, [selector, block, index]) =>
      tell(sheet, "insertRule", [], index ?? sheet.cssRules.length - 1, `${selector ?? "undefined"} { ${block ?? "undefined"} }`),
    );
    wrap(prototype, "removeRule", "value", (sheet: CSSStyleSheet, [index]) => tell(sheet, "deleteRule", [], index ?? 0, ""));
    wrap(prototype, "replace", "value", (sheet: CSSStyleSheet, [text]) => tell(sheet, "replace", [], "", `${text}`));
    wrap(prototype, "replaceSync", "value", (sheet: CSSStyleSheet, [text]) => tell(sheet, "replaceSync", [], "", `${text}`));
  };
  const watchSwitches = (page: PageWindow) => {
    wrap(page.StyleSheet.prototype, "disabled", "set", (sheet: CSSStyleSheet) => tell(sheet, "disabled", [], "", ""));
    for (const { prototype } of [page.HTMLStyleElement, page.HTMLLinkElement]) {
      wrap(prototype, "disabled", "set", (owner: HTMLStyleElement) => owner.sheet && tell(owner.sheet, "disabled", [], "", ""));
    }
  };
  const watchRules = (page: PageWindow) => {
    wrap(page.CSSGroupingRule.prototype, "insertRule", "value", (rule: CSSRule, [text, index]) =>
      tellOfRule(rule, "insertRule", index ?? 0, `${text}`),
    );
    wrap(page.CSSGroupingRule.prototype, "deleteRule", "value", (rule: CSSRule, [index]) => tellOfRule(rule, "deleteRule", index, ""));
    // These rrweb can't tell: the rule is told anew.
    for (const name of ["insertRule", "deleteRule"]) wrap(page.CSSStyleRule.prototype, name, "value", onChanged);
    for (const name of ["appendRule", "deleteRule"]) wrap(page.CSSKeyframesRule.prototype, name, "value", onChanged);
    wrap(page.CSSKeyframesRule.prototype, "name", "set", onChanged);
    wrap(page.CSSKeyframeRule.prototype, "keyText", "set", onChanged);
    wrap(page.CSSStyleRule.prototype, "selectorText", "set", onChanged);
    wrap(page.CSSMediaRule.prototype, "media", "set", onChanged);
    wrap(page.CSSMediaRule.prototype, "media", "get", onAsked);
  };
  const watchDeclarations = (page: PageWindow) => {
    const holders = ["CSSStyleRule", "CSSKeyframeRule", "CSSFontFaceRule", "CSSPageRule", "CSSNestedDeclarations"] as const;
    for (const name of holders) {
      const holder = (page as unknown as Record<string, { prototype: object } | undefined>)[name];
      if (!holder) continue;
      wrap(holder.prototype, "style", "set", onChanged);
      for (const member of ["style", "styleMap"]) wrap(holder.prototype, member, "get", onAsked);
    }
    const { prototype } = page.CSSStyleDeclaration;
    for (const name of ["setProperty", "removeProperty"]) wrap(prototype, name, "value", onDeclaration(name), beforeDeclaration);
    wrap(prototype, "cssText", "set", (style: CSSStyleDeclaration) => watch(ruleOf(style), true));
  };
  eachWindow((page) => {
    addCarrier(page);
    watchSheets(page);
    watchSwitches(page);
    watchRules(page);
    watchDeclarations(page);
  });
}
