// Sizes in bytes of UTF-8, without encoding anything.

export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    // Each half of a surrogate pair counts two of its four.
    bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** No character of a JavaScript string takes more than three bytes: most texts need not be counted. */
export const fits = (text: string, maxBytes: number) => text.length * 3 <= maxBytes || utf8Length(text) <= maxBytes;
