// JSON writes a sign in several ways: `\u003d` for `=`, `\/` for `/`. Names and signs are known in one of them.

const ESCAPES = /(\\+)(?:u00([2-7][0-9a-f])|(?=(\/))|)/gi;

/**
 * The same JSON with each sign of ASCII as itself, a quote and a backslash behind a backslash. In JSON that is nested in JSON,
 * too, where there are more backslashes.
 */
export function plainJson(text: string): string {
  if (!text.includes("\\u00") && !text.includes("\\/")) return text;
  return text.replace(ESCAPES, (found: string, run: string, hex?: string, slash?: string) => {
    if (slash) return "";
    const sign = hex && found[run.length] === "u" ? String.fromCharCode(parseInt(hex, 16)) : "\x7f";
    if (sign === "\x7f") return found;
    const isEscaped = sign === '"' || sign === "\\";
    const backslashes = isEscaped ? 2 * run.length - 1 : run.length % 2 && run.length >> 1;
    return "\\".repeat(backslashes) + sign;
  });
}
