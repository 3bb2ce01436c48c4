// Globs over page addresses: `**/` any path segments, `/**` at the end anything below, `*` any characters, `?` one. They mean
// what the browser SDK's regular expressions mean; but whatever address a link leads to, they take time in proportion to it.

const BELOW = "/**";

/** `segments`: a slash, and any segments with a slash behind them; `below`: nothing, or a slash and anything. */
type Part = { kind: "text"; text: string } | { kind: "one" | "any" | "segments" | "below" };

/** Where a part of an address begins and ends. */
export type Range = [from: number, to: number];

export class Glob {
  private readonly parts: Part[];

  constructor(glob: string) {
    const isOpen = glob.endsWith(BELOW);
    const rest = isOpen ? glob.slice(0, -BELOW.length) : glob;
    const tokens = rest.match(/\/\*\*\/|\*+|\?|[^*?/]+|\//g) ?? [];
    this.parts = tokens.map(partOf);
    if (isOpen) this.parts.push({ kind: "below" });
  }

  /** Whether it matches the whole address. */
  test(address: string): boolean {
    const matches = this.parts.reduceRight((behind, part) => matchesOf(part, address, behind), nothingLeft(address));
    return matches[0] === 1;
  }

  /** What its groups, `segments` and `below`, stand for; null: it does not match the whole address. */
  groups(address: string): Range[] | null {
    let matches = nothingLeft(address);
    const behind: Uint8Array[] = [];
    for (let i = this.parts.length - 1; i >= 0; i--) {
      behind[i] = matches;
      matches = matchesOf(this.parts[i] as Part, address, matches);
    }
    if (matches[0] !== 1) return null;
    const groups: Range[] = [];
    let at = 0;
    this.parts.forEach((part, i) => {
      const end = endOf(part, address, at, behind[i] as Uint8Array);
      if (part.kind === "segments") groups.push([at + 1, end]);
      if (part.kind === "below") groups.push([at, end]);
      at = end;
    });
    return groups;
  }
}

function partOf(token: string): Part {
  if (token === "/**/") return { kind: "segments" };
  if (token === "?") return { kind: "one" };
  return token.startsWith("*") ? { kind: "any" } : { kind: "text", text: token };
}

/** The end of the address alone. */
function nothingLeft(address: string): Uint8Array {
  const matches = new Uint8Array(address.length + 1);
  matches[address.length] = 1;
  return matches;
}

/** At which places this part and those behind it match the rest of the address; `behind`: where those do. */
function matchesOf(part: Part, address: string, behind: Uint8Array): Uint8Array {
  const matches = new Uint8Array(address.length + 1);
  // Whether characters that the part takes, and be it none, lead to where the rest matches: from the next place on.
  let isAhead = false;
  for (let at = address.length; at >= 0; at--) {
    const takes = at < address.length && !isLineEnd(address, at);
    const isSlash = address[at] === "/";
    const isBehind = (places: number) => behind[at + places] === 1;
    let isMatch: boolean;
    switch (part.kind) {
      case "text":
        isMatch = isBehind(part.text.length) && address.startsWith(part.text, at);
        break;
      case "one":
        isMatch = takes && isBehind(1);
        break;
      case "any":
        isMatch = isAhead = isBehind(0) || (takes && isAhead);
        break;
      case "segments":
        isMatch = isSlash && (isBehind(1) || isAhead);
        isAhead = takes && (isMatch || isAhead);
        break;
      case "below":
        isMatch = isBehind(0) || (isSlash && isAhead);
        isAhead = isBehind(0) || (takes && isAhead);
    }
    if (isMatch) matches[at] = 1;
  }
  return matches;
}

/** Where a part ends that begins here: as far on as a regular expression takes it. */
function endOf(part: Part, address: string, at: number, behind: Uint8Array): number {
  if (part.kind === "text") return at + part.text.length;
  if (part.kind === "one") return at + 1;
  const isSegments = part.kind === "segments";
  const least = isSegments ? at + 1 : at;
  let end = part.kind === "below" && address[at] !== "/" ? at : lineEnd(address, at);
  while (end > least && (behind[end] !== 1 || (isSegments && address[end - 1] !== "/"))) end--;
  return end;
}

function lineEnd(address: string, at: number): number {
  while (at < address.length && !isLineEnd(address, at)) at++;
  return at;
}

/** What the dot of a regular expression does not match. */
const isLineEnd = (address: string, at: number) => "\n\r\u2028\u2029".includes(address.charAt(at));
