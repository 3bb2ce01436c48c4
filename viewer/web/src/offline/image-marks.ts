// What stands in the place of images that a recording does not hold: their text says which, as a text and nothing else.

import type { Fields } from "../model/json";

/** On an image that is not recorded: the name of its file. */
export const NOT_RECORDED = "data-session-replay-not-recorded";

const MAX_NAME = 60;

export class ImageMarks {
  /** The text of each marked image, as recorded. */
  private readonly texts = new Map<unknown, unknown>();

  constructor(private readonly heard: { image(id: unknown, url: string): void }) {}

  /** Marks an image whose address was taken out, and takes the mark back where it has a picture again. `src` is as it was. */
  mark(attributes: Fields, id: unknown, src: unknown): void {
    const isMarked = this.texts.has(id);
    const hasPicture = ["src", "srcset", "rr_dataURL"].some((name) => typeof attributes[name] === "string");
    if (typeof src === "string" && src !== "" && !hasPicture) {
      this.heard.image(id, src);
      if (!isMarked || "alt" in attributes) this.texts.set(id, attributes["alt"] ?? null);
      const name = fileName(src);
      attributes[NOT_RECORDED] = name;
      attributes["alt"] = `image not recorded: ${name}`;
      return;
    }
    if (!isMarked) return;
    if (hasPicture || src === null || src === "") {
      attributes["alt"] ??= this.texts.get(id) ?? null;
      attributes[NOT_RECORDED] = null;
      this.texts.delete(id);
    } else if ("alt" in attributes) {
      this.texts.set(id, attributes["alt"]);
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
