// The one recorder of this thread, whichever copy of this package made it.
import { isSameCopy, joinWarning, ownCopy, relationTo, standAsideReason, type Copy } from "./copies/copy.js";
import { shared } from "./copies/shared.js";
import { libraryInUse } from "./copies/threads.js";
import { SessionReplayError } from "./model/errors.js";
import { loadLibrary } from "./recorder/library-handle.js";
import { Recorder } from "./recorder/recorder.js";

/**
 * Copies with the same number can use each other's recorder. Raise it when what index.ts uses of `Recorder` changes; a test
 * lists that.
 */
export const RECORDER_SHAPE = 10;

/** What the first copy leaves for the others. Every version reads `shape` and the members of {@link Copy}. */
interface FirstCopy extends Copy {
  readonly shape: number;
  readonly recorder: Recorder;
}

let own: Recorder | undefined;

/** The recorder. The first call that needs it decides whose it is: importing this package changes nothing. */
export const sharedRecorder = (): Recorder => (own ??= find());

function find(): Recorder {
  if (isPage(process)) return new Recorder(new SessionReplayError("wrong-process", WRONG_SIDE));
  const copy = { ...ownCopy(), shape: RECORDER_SHAPE };
  let made: FirstCopy | undefined;
  const first = shared("recorder", () => (made = Object.freeze({ ...copy, recorder: ownRecorder() })));
  switch (relationTo(made ? undefined : first, copy)) {
    case "other-shape":
      return new Recorder(new SessionReplayError("other-version", standAsideReason(first, copy)));
    case "other-copy":
      first.recorder.warnOfCopy(joinWarning(first, copy));
      first.recorder.addLoader(loadLibrary);
      return first.recorder;
    default:
      return first.recorder;
  }
}

/** Electron says so in a page's process, and of its workers: with `nodeIntegration` a page may `require` this side of the package. */
const isPage = ({ type }: { type?: unknown }): boolean => type === "renderer" || type === "worker";

const WRONG_SIDE =
  "this is a page of Electron, and it has loaded the main process's side of session-replay-native. Import " +
  "session-replay-native/electron/renderer in pages, and session-replay-native/electron/preload in preload scripts";

/** The library of the process may be that of another copy, which another thread has loaded. */
function ownRecorder(): Recorder {
  const recorder = new Recorder();
  const others = libraryInUse()?.copy;
  if (others && !isSameCopy(others, ownCopy())) recorder.warnOfCopy(joinWarning(others, ownCopy()));
  return recorder;
}
