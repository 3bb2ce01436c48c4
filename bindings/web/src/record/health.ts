// Whether what is recorded is of any use, and what to say where it is not.

/** How long something may take before it is worth a word. */
export const PATIENCE_MS = 5_000;

/** What is known of a recorder that records. Times in milliseconds; null: not so. */
export interface Facts {
  /** How long it has been recording without a full snapshot. */
  withoutSnapshotMs: number | null;
  /** Whether the document is still being loaded. */
  isLoading: boolean;
  /** Whether the document has no root element. */
  isRootless: boolean;
  /** How long events have been waiting without any being taken. */
  waitingMs: number | null;
  /** Whether the document changed and rrweb told nothing of it. */
  isUnheard: boolean;
  /** Why everything was dropped the last time, if no full snapshot was recorded since. */
  dropped: string | null;
}

/** Why nothing usable is recorded, in a sentence each. */
export function troubles(facts: Facts): string[] {
  const { withoutSnapshotMs, isLoading, isRootless, isUnheard, dropped } = facts;
  const found: string[] = [];
  if (dropped !== null) found.push(dropped);
  if (isRootless) found.push("the document has no root element: it is recorded once it has one");
  if (dropped === null && !isRootless && withoutSnapshotMs !== null && withoutSnapshotMs >= PATIENCE_MS) {
    const why = isLoading ? "the page is still being loaded" : "rrweb gave none; errors of it stand beside this";
    found.push(`no full snapshot for ${seconds(withoutSnapshotMs)} s: ${why}. Without one nothing can be replayed`);
  }
  if (isUnheard) {
    found.push("the document changed and nothing of it was recorded: a full snapshot was taken; changes since may be missing");
  }
  return found;
}

/** What can only be said in the page: there is nobody to send it to. */
export function unheardOf({ waitingMs }: Facts): string[] {
  if (waitingMs === null || waitingMs < PATIENCE_MS) return [];
  return [
    `no host has taken a message for ${seconds(waitingMs)} s: offer a message handler, or the function postMessage, ` +
      "and check its name (docs/guide/web-views.md)",
  ];
}

const seconds = (ms: number) => Math.round(ms / 1_000);
