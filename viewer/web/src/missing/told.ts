// What the picture lacks, in one sentence.

import { count } from "../dom/format";
import type { Missing, Tally } from "./missing";

/** What the picture lacks, where the first of it is, and what to record to have it; null: nothing is known to lack. */
export function missingPicture(missing: Missing): string | null {
  const told = ({ count: number, first }: Tally, one: string, many: string, record: string) =>
    number > 0 ? [`${count(number, one, many)} (first in event ${first}): ${record}`] : [];
  const canvas = missing.hasCommands ? "record with recordCanvas, and rrweb's sampling.canvas a number: commands are never run here, pictures are shown" : "record with recordCanvas (rrweb: recordCanvas, and sampling.canvas a number)";
  const parts = [
    ...told(missing.canvasesMissing, "canvas", "canvases", canvas),
    ...told(missing.imagesMissing, "image", "images", "record with inlineImages (rrweb's name, too)"),
    ...told(missing.sheetsMissing, "style sheet", "style sheets", "record with shouldInlineStylesheet (rrweb: inlineStylesheet)"),
  ];
  return parts.length > 0 ? `The recording does not hold all that the page showed: ${parts.join("; ")}.` : null;
}
