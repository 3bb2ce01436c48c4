// With a full snapshot rrweb restores `attachShadow` as it found it when it started. What the page put there since must
// stay.

/** Runs `work`, which takes a full snapshot. */
export function keepAttachShadow(work: () => void): void {
  const kept = accessibleWindows(window).flatMap((frame) => {
    try {
      const { prototype } = (frame as unknown as typeof globalThis).Element;
      const own = Object.getOwnPropertyDescriptor(prototype, "attachShadow");
      const isRrwebs = !own || (typeof own.value === "function" && "__rrweb_original__" in own.value);
      return isRrwebs ? [] : [{ prototype, own }];
    } catch {
      return [];
    }
  });
  try {
    work();
  } finally {
    for (const { prototype, own } of kept) {
      try {
        Object.defineProperty(prototype, "attachShadow", own);
      } catch {
        // The page has made it read-only, so rrweb could not change it either.
      }
    }
  }
}

const MAX_WINDOWS = 100;

/** This window and those of its frames that are of the same origin. */
function accessibleWindows(top: Window): Window[] {
  const all: Window[] = [top];
  for (let i = 0; i < all.length && all.length < MAX_WINDOWS; i++) {
    const frame = all[i] as Window;
    for (let j = 0; j < frame.length; j++) {
      const child = frame[j] as Window;
      try {
        void child.document;
        all.push(child);
      } catch {
        // Of another origin.
      }
    }
  }
  return all;
}
