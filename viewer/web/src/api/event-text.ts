// One event of a session as it stands in the store, byte for byte: the page's own copy is repaired and cleaned, to be played.

import { sessionPath } from "./client";
import type { Identity } from "./types";

/** The event of this number, in the order of arrival; null: there is none. Only the beginning of what the server sends is read. */
export async function getEventText(identity: Identity, number: number, signal: AbortSignal): Promise<string | null> {
  const stop = new AbortController();
  signal.addEventListener("abort", () => stop.abort());
  const response = await fetch(`/api${sessionPath(identity)}/events?after=${number}`, { signal: stop.signal });
  if (!response.ok || !response.body) throw new Error(`The viewer answered with ${response.status}.`);
  const scan = new FirstElement();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    const found = scan.add(value ?? "");
    if (found === null && !done) continue;
    stop.abort();
    return found;
  }
}

/** Finds the first element of a JSON array, an object, that comes in pieces. */
export class FirstElement {
  private text = "";
  private depth = 0;
  private isInString = false;
  private isEscaped = false;

  /** The element as soon as all of it is there. */
  add(piece: string): string | null {
    const from = this.text.length;
    for (let at = 0; at < piece.length; at++) {
      const character = piece[at];
      if (this.isEscaped) this.isEscaped = false;
      else if (this.isInString) {
        if (character === "\\") this.isEscaped = true;
        else if (character === '"') this.isInString = false;
      } else if (character === '"') this.isInString = true;
      else if (character === "{" || character === "[") this.depth += 1;
      else if (character === "}" || character === "]") {
        this.depth -= 1;
        // Back in the array itself.
        if (this.depth === 1) return (this.text + piece.slice(0, at + 1)).slice(1).trim();
      }
    }
    this.text = from === 0 ? piece : this.text + piece;
    return null;
  }
}
