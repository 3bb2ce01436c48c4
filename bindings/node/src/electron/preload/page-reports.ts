// What the scripts in the page's world report, read from its text. Whatever else is in it is no report.

/** A call on a style sheet, on a rule in it, or on the declarations of a rule. */
export interface SheetCall {
  call: "insertRule" | "deleteRule" | "replace" | "replaceSync" | "setProperty" | "removeProperty";
  /** The positions of the rule, and of the rules around it; none: the sheet itself. */
  path: number[];
  given: (string | number)[];
}

const MAX_DEPTH = 64;
const position = (text: string | undefined) => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null);

/** Its lines are the call, the path, an index or a priority, and a text of any number of lines. */
export function sheetCallIn(report: string): SheetCall | null {
  const [call = "", places = "", key = "", ...rest] = report.split("\n", 4).length < 4 ? [] : splitLines(report, 3);
  const path = places === "" ? [] : places.split(",").map(position);
  if (path.length > MAX_DEPTH || path.includes(null)) return null;
  const given = givenIn(call, key, rest[0] ?? "");
  return given && { call: call as SheetCall["call"], path: path as number[], given };
}

function givenIn(call: string, key: string, text: string): SheetCall["given"] | null {
  const index = position(key);
  switch (call) {
    case "insertRule":
      return index === null ? null : [text, index];
    case "deleteRule":
      return index === null ? null : [index];
    case "replace":
    case "replaceSync":
      return [text];
    case "setProperty":
    case "removeProperty": {
      const [name = "", value = ""] = splitLines(text, 1);
      return call === "setProperty" ? [name, value, key] : [name];
    }
    default:
      return null;
  }
}

/** The first lines, and the rest as it is. */
function splitLines(text: string, count: number): string[] {
  const lines: string[] = [];
  let from = 0;
  for (let end = text.indexOf("\n"); end >= 0 && lines.length < count; end = text.indexOf("\n", from)) {
    lines.push(text.slice(from, end));
    from = end + 1;
  }
  return [...lines, text.slice(from)];
}
