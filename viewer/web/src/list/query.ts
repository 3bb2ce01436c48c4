// The words of a search, as far as the page has to know them: which it offers, and whether one is written. What they mean is the
// server's.

/** What can be written, with what finds it. */
export const WORDS: [word: string, finds: string][] = [
  ["device:", "the device's id"],
  ["session:", "the session's id"],
  ["page:", "the page's title or address"],
  ["app:", "the app, or the page's host"],
  ["system:", "the browser or the system"],
  ["day:", "such as 2026-11-26"],
  ["has:errors", "errors of page or console"],
  ["has:problems", "something is wrong"],
  ["is:live", "being recorded now"],
  ["is:refused", "requests that were refused"],
];

/** The words one after the other, quotes and all. */
export function wordsOf(query: string): string[] {
  return query.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
}

export const hasWord = (query: string, word: string): boolean => wordsOf(query).includes(word);

/** The query with this word, or without it where it has it; what contradicts it goes. */
export function toggleWord(query: string, word: string): string {
  const others = wordsOf(query).filter((other) => other !== word && other !== `-${word}`);
  return [...others, ...(hasWord(query, word) ? [] : [word])].join(" ");
}

/** This day, as `day:` wants it. */
export function dayWord(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `day:${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Whether time alone can change what is found. */
export const dependsOnTime = (query: string): boolean => wordsOf(query).some((word) => /^-?is:live$/i.test(word));
