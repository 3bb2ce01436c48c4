// Globs over page addresses: `**/` any path segments, `/**` anything below, `*` any characters, `?` one.

const PIECES: [RegExp, string][] = [
  [/^\/\*\*$/, "(/.*)?"],
  [/^\/\*\*\/$/, "/(.*/)?"],
  [/^\*+$/, ".*"],
  [/^\?$/, "."],
];

/** The pattern of a glob; it has to match the whole address. */
export function globPattern(glob: string): RegExp {
  const pieces = glob.match(/\/\*\*$|\/\*\*\/|\*+|\?|[^*?/]+|\//g) ?? [];
  const translate = (piece: string) => PIECES.find(([kind]) => kind.test(piece))?.[1] ?? escape(piece);
  return new RegExp(`^${pieces.map(translate).join("")}$`);
}

const escape = (text: string) => text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
