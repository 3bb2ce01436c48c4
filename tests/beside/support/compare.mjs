// What differs between two recordings of a page, and whether that is allowed.

/** Each line that only one of them has: `{ part, side: "missing" | "more", line }`, beside the browser SDK. */
export function differences(theirs, ours) {
  return Object.keys(theirs).flatMap((part) => [
    ...theirs[part].filter((line) => !ours[part].includes(line)).map((line) => ({ part, side: "missing", line })),
    ...ours[part].filter((line) => !theirs[part].includes(line)).map((line) => ({ part, side: "more", line })),
  ]);
}

/** Whether an entry of a table is about this recorder and page. */
export const isAbout = (entry, recorder, page) =>
  (entry.recorder === undefined || entry.recorder === recorder) && (entry.page === undefined || [entry.page].flat().includes(page));

/**
 * Holds what differs to a table of `{ part, missing?, more?, page?, recorder?, reason }`, where `missing` and `more` are patterns of
 * lines. Returns the differences that no entry allows, and the patterns that allow something.
 */
export function judge(found, entries) {
  const used = new Set();
  const unexplained = found.filter(({ part, side, line }) => {
    const allowing = entries.filter((entry) => entry.part === part && entry[side]?.test(line));
    for (const entry of allowing) used.add(entry[side]);
    return allowing.length === 0;
  });
  return { unexplained, used };
}
