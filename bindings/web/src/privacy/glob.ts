// Globs over page addresses: `**/` any path segments, `/**` anything below, `*` any characters, `?` one.

const TRANSLATIONS: [RegExp, string][] = [
  [/^\/\*\*$/, "(/.*)?"],
  [/^\/\*\*\/$/, "/(.*/)?"],
  [/^\*+$/, ".*"],
  [/^\?$/, "."],
];

/** The pattern of a glob; it has to match the whole address. */
export function globPattern(glob: string): RegExp {
  const tokens = glob.match(/\/\*\*$|\/\*\*\/|\*+|\?|[^*?/]+|\//g) ?? [];
  const translate = (token: string) => TRANSLATIONS.find(([kind]) => kind.test(token))?.[1] ?? escape(token);
  return new RegExp(`^${tokens.map(translate).join("")}$`);
}

const escape = (text: string) => text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
