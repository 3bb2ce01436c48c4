// Whether what is recorded is of any use, and what to say where it is not. Decisions only.

/** How long something may take before it is reported. */
export const REPORT_AFTER_MS = 5_000;

/** What is known of a recorder that records. Times in milliseconds; null: not so. */
export interface Health {
  /** How long it has been recording without a full snapshot. */
  withoutSnapshotMs: number | null;
  /** Whether the document is still being loaded. */
  isLoading: boolean;
  /** Whether the document has no root element. */
  isRootless: boolean;
  /** How long events have been waiting without any being taken. */
  waitingMs: number | null;
  /** Whether the document changed and rrweb emitted nothing. */
  hasMissedChanges: boolean;
  /** Why everything was dropped the last time, if there was no full snapshot since. */
  dropped: string | null;
}

/** Why nothing useful is recorded, in a sentence each. */
export function problemsOf(health: Health): string[] {
  const { withoutSnapshotMs, isLoading, isRootless, hasMissedChanges, dropped } = health;
  const problems: string[] = [];
  if (dropped !== null) problems.push(dropped);
  if (isRootless) problems.push("the document has no root element: it is recorded once it has one");
  if (dropped === null && !isRootless && withoutSnapshotMs !== null && withoutSnapshotMs >= REPORT_AFTER_MS) {
    const why = isLoading ? "the page is still being loaded" : "rrweb produced none; its errors are listed here, too";
    problems.push(`no full snapshot for ${seconds(withoutSnapshotMs)} s: ${why}. Without one nothing can be replayed`);
  }
  if (hasMissedChanges) {
    problems.push("the document changed and nothing of it was recorded: a full snapshot was taken; changes since may be missing");
  }
  return problems;
}

/** What can only be said in the page, because the host takes nothing. */
export function deliveryProblemsOf({ waitingMs }: Health): string[] {
  if (waitingMs === null || waitingMs < REPORT_AFTER_MS) return [];
  return [
    `no host has taken a message for ${seconds(waitingMs)} s: offer a message handler, or the function postMessage, ` +
      "and check its name (docs/guide/web-views.md)",
  ];
}

const seconds = (ms: number) => Math.round(ms / 1_000);
