// Text for a log line.

/** The text with what would end the line, or hide a part of it, written as an escape. */
export const oneLine = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]/g, (character) => JSON.stringify(character).slice(1, -1));
