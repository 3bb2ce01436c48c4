// One loaded copy of this package, and how it gets along with the copy that was there first.
import { here, ownFile } from "../locating/here.js";
import { findPackageFolder } from "../locating/package-folder.js";
import { VERSION } from "../model/version.js";

/** What every version of this package says about itself to the other copies: members may be added, never changed. */
export interface Copy {
  readonly version: string;
  /** Its folder in node_modules, or the folder of the bundle that it is part of. */
  readonly folder: string;
  /** The file that its code runs from. */
  readonly file: string;
}

/** This copy. */
export const ownCopy = (): Copy => ({ version: VERSION, folder: findPackageFolder() ?? here, file: ownFile });

/** How the copies in one thread get along. */
export type Relation = "first" | "again" | "other-copy" | "other-shape";

interface Shaped extends Copy {
  /** Copies of one shape can use each other's recorder. */
  readonly shape: number;
}

/**
 * How this copy stands to the first one, if there is one. "again": the same file, evaluated anew, as test runners do.
 * "other-shape": it can't use what the first one made.
 */
export function relationTo(first: Shaped | undefined, own: Shaped): Relation {
  if (first === undefined) return "first";
  if (first.shape !== own.shape) return "other-shape";
  return isSameCopy(first, own) ? "again" : "other-copy";
}

export const isSameCopy = (one: Copy, other: Copy): boolean => one.file === other.file && one.version === other.version;

/** For the log, where the second copy uses the recorder of the first. */
export const joinWarning = (first: Copy, own: Copy): string =>
  `this process has loaded session-replay-native twice: ${namesOf(first, own).join(" and ")}. Both use the recorder of the first. ` +
  HOW_TO_FIND;

/** For the error, where the second copy can't use it. */
export function standAsideReason(first: Copy, own: Copy): string {
  const [firstName, ownName] = namesOf(first, own);
  return (
    `session-replay-native ${ownName} records nothing: this process has loaded ${firstName} before, and the two versions ` +
    `can't share a recorder. Install one version for all. ${HOW_TO_FIND}`
  );
}

const HOW_TO_FIND =
  "`npm ls session-replay-native` shows who brings which; a bundle holds a copy of its own unless it leaves the package external.";

/** Both copies by version and place: the folder, or the file where they share the folder. */
function namesOf(...copies: [Copy, Copy]): [string, string] {
  const place = copies[0].folder === copies[1].folder ? "file" : "folder";
  return copies.map((copy) => `${copy.version} in ${copy[place]}`) as [string, string];
}
