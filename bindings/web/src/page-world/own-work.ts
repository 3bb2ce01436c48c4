// What the recorder itself does in the page's world: it may write to the console, or ask a server, and none of that is
// the page's. Without this, a host whose `postMessage` logs a line would record that line, send it, and log another.

let depth = 0;

/** Runs `work` as the recorder's own. */
export function asOwnWork<T>(work: () => T): T {
  depth++;
  try {
    return work();
  } finally {
    depth--;
  }
}

export const isOwnWork = () => depth > 0;
