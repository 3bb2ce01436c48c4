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

/**
 * The query with each day as it is in this browser's zone, from when until when in milliseconds since 1970: how far a zone is from UTC differs by
 * the season, and some days have 23 or 25 hours. What is no day is left to the server, which says what to write.
 */
export function withDaysAsSpans(query: string): string {
  // What is before the word is part of the match: browsers of before 2023 know no lookbehind, and would not even load the page.
  return query.replace(/"[^"]*"?|(^|\s)(-?day:)"?(\d{4})-(\d\d)-(\d\d)"?(?=\s|$)/gi, (word, before: string | undefined, key: string | undefined, ...date: string[]) => {
    if (before === undefined || key === undefined) return word;
    const [year, month, day] = date.slice(0, 3).map(Number) as [number, number, number];
    const begin = new Date(year, month - 1, day);
    if (begin.getMonth() !== month - 1 || begin.getDate() !== day || begin.getFullYear() !== year) return word;
    return `${before}${key}${begin.getTime()}..${new Date(year, month - 1, day + 1).getTime()}`;
  });
}

/** Whether time alone can change what is found. */
export const dependsOnTime = (query: string): boolean => wordsOf(query).some((word) => /^-?is:live$/i.test(word));
