// When to take a full snapshot of a document that was replaced: some pages replace it again and again.

const MIN_INTERVAL_MS = 1_000;
/** Meanwhile the frame may be removed, or rrweb describe its next document by itself. */
const FRAME_DELAY_MS = 250;

export interface ResnapshotTimer {
  /** `isNeeded` is asked when it is due: a full snapshot that was asked for otherwise, too, is taken in any case. */
  request(replaced: Document, isNeeded?: () => boolean): void;
  cancel(): void;
}

const always = () => true;

export function resnapshotTimer(resnapshot: () => void): ResnapshotTimer {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  let isWanted = always;
  return {
    request: (replaced, isNeeded = always) => {
      if (timer !== undefined) {
        if (isNeeded === always) isWanted = always;
        return;
      }
      isWanted = isNeeded;
      const soonest = replaced === document ? 0 : FRAME_DELAY_MS;
      timer = setTimeout(
        () => {
          timer = undefined;
          // The frame is gone; or its document was closed, and rrweb has described the one after it. And a document
          // without a root element is recorded once it has one, which is noticed as well.
          if (!replaced.defaultView || !document.documentElement || !isWanted()) return;
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
