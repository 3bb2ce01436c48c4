// When to take a full snapshot of a document that was replaced: some pages replace it again and again.

const MIN_INTERVAL_MS = 1_000;
/** Meanwhile the frame may be removed, or rrweb describe its next document by itself. */
const FRAME_DELAY_MS = 250;

export interface ResnapshotTimer {
  request(replaced: Document): void;
  cancel(): void;
}

export function resnapshotTimer(resnapshot: () => void): ResnapshotTimer {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  return {
    request: (replaced) => {
      if (timer !== undefined) return;
      const soonest = replaced === document ? 0 : FRAME_DELAY_MS;
      timer = setTimeout(
        () => {
          timer = undefined;
          // The frame is gone; or its document was closed, and rrweb has described the one after it. And a document
          // without a root element is recorded once it has one, which is noticed as well.
          if (!replaced.defaultView || !document.documentElement) return;
          last = performance.now();
          resnapshot();
        },
        Math.max(soonest, last + MIN_INTERVAL_MS - performance.now()),
      );
    },
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
