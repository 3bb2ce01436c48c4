// Whether this preload script is the first of its kind in this window. An app may load it twice: by `preloadPath`, and by its
// own preload script that imports ours. All preload scripts of a window share one world, so a mark there tells.
const MARK = Symbol.for("session-replay-native.preload");

/** Marks the window. The scripts that come later are told by a warning, once, and do nothing. */
export function isFirstInWindow(): boolean {
  const world = globalThis as { [MARK]?: { isWarned: boolean } };
  const mark = world[MARK];
  if (mark === undefined) {
    Object.defineProperty(world, MARK, { value: { isWarned: false } });
    return true;
  }
  if (!mark.isWarned) {
    console.warn(
      "session-replay: the preload script is loaded twice in this window, and the first one records: use either " +
        "preloadPath or the import in your own preload script",
    );
  }
  mark.isWarned = true;
  return false;
}
