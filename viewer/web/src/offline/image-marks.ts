// What stands in the place of images that a recording does not hold: their text says which, as a text and nothing else.

import type { Fields } from "../model/json";

/** On an image that is not recorded: the name of its file. */
export const NOT_RECORDED = "data-session-replay-not-recorded";

const MAX_NAME = 60;

export class ImageMarks {
  /** The text of each image, as recorded. */
  private readonly texts = new Map<unknown, unknown>();
  private readonly marked = new Set<unknown>();

  constructor(private readonly heard: { image(id: unknown, url: string): void }) {}

  /** Marks an image whose address was taken out, and takes the mark back where it has a picture again. `src` is as it was. */
  mark(attributes: Fields, id: unknown, src: unknown): void {
    if ("alt" in attributes) this.texts.set(id, attributes["alt"]);
    const hasPicture = ["src", "srcset", "rr_dataURL"].some((name) => typeof attributes[name] === "string");
    if (typeof src === "string" && src !== "" && !hasPicture) {
      this.heard.image(id, src);
      this.marked.add(id);
      const name = fileName(src);
      attributes[NOT_RECORDED] = name;
      attributes["alt"] = `image not recorded: ${name}`;
    } else if (this.marked.has(id) && (hasPicture || src === null || src === "")) {
      this.marked.delete(id);
      attributes[NOT_RECORDED] = null;
      attributes["alt"] = this.texts.get(id) ?? null;
    } else if (this.marked.has(id)) {
      delete attributes["alt"];
    }
  }
}

/** The last part of an address, as people read it. */
export function fileName(url: string): string {
  if (/^\s*(blob|data):/i.test(url)) return /^\s*blob/i.test(url) ? "a blob" : "data";
  const path = url.split(/[?#]/, 1)[0] ?? "";
  const last = path.split(/[\\/]/).filter(Boolean).at(-1) ?? "";
  const name = decoded(last).replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return [...name].slice(0, MAX_NAME).join("") || "no name";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
