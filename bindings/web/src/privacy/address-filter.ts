// `ugcFilterRules`: what is said of an address in place of it, so that what users wrote into it is not told.

import { Glob, type Range } from "./glob";

/** A longer address is not looked at: of that its origin alone is told. As in the library (src/model/address_filter.rs). */
export const MAX_FILTERED_LENGTH = 8_192;

/** A rule that can be applied without checking it again. */
interface FilterRule {
  glob: Glob;
  /** As of `String.replace`: `$1` and the like stand for parts of the address. */
  replacement: string;
}

export class AddressFilter {
  private rules: FilterRule[] = [];
  private last = { href: "", told: "" };

  /** The rules in their order. What is no rule is passed over. */
  set(given: unknown): void {
    const list: unknown[] = Array.isArray(given) ? given : [];
    this.rules = list.flatMap((rule) => {
      const { selector, replacement } = (rule ?? {}) as Record<string, unknown>;
      if (typeof selector !== "string" || typeof replacement !== "string") return [];
      return [{ glob: new Glob(selector), replacement }];
    });
    this.last = { href: "", told: "" };
  }

  /** The address as it may be told: the first rule that matches all of it says how. Give it whole: of a part no rule is true. */
  told(href: string): string {
    if (this.rules.length === 0) return href;
    // A page asks for its own again and again.
    if (href !== this.last.href) this.last = { href, told: this.filtered(href) };
    return this.last.told;
  }

  private filtered(href: string): string {
    if (href.length > MAX_FILTERED_LENGTH) return originOf(href);
    for (const { glob, replacement } of this.rules) {
      const groups = glob.groups(href);
      if (groups) return href.replace(lengths(groups, href.length), replacement);
    }
    return href;
  }
}

/** Matches a text of this length, with these groups in it, whatever is in them: so nothing has to be tried. */
function lengths(groups: Range[], length: number): RegExp {
  let pattern = "";
  let at = 0;
  for (const [from, to] of groups) {
    pattern += `[^]{${from - at}}([^]{${to - from}})`;
    at = to;
  }
  return new RegExp(`^${pattern}[^]{${length - at}}$`);
}

/** The scheme and the host, without the name of a user; nothing of what has none. */
function originOf(href: string): string {
  const [, scheme, host] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#\\]*)/i.exec(href) ?? [];
  return scheme === undefined || host === undefined ? "" : scheme + host.slice(host.lastIndexOf("@") + 1);
}
