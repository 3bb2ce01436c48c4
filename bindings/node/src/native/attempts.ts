// What became of each place that was looked at, and how an error tells of it: the first true reason first.
import { statSync } from "node:fs";
import { archiveOf, type Archive } from "../locating/archive.js";
import { howToBringFiles } from "../locating/bring-files.js";
import { howToInstallAll } from "../locating/install-again.js";
import { isThere } from "../locating/is-there.js";
import { oneLine } from "../locating/one-line.js";
import { packageManagerOf } from "../locating/package-manager.js";
import { nameOf, type Place } from "../locating/places.js";
import { surroundings } from "../locating/surroundings.js";
import { thisSystem } from "../locating/system.js";
import { messageOf } from "../model/errors.js";
import { libraryCandidates } from "./candidates.js";
import { REINSTALL, explainLoadFailure } from "./load-failure.js";

export interface Attempt {
  /** The file or package, and where that comes from. */
  what: string;
  /** Why it was of no use. */
  reason: string;
  /** Whether something was there, or may be: then the reason tells more than that another place is empty. */
  wasThere: boolean;
}

/** How this program gets the right files in place of those of another system. */
export const howToRenew = (): string => howToBringFiles(surroundings()) ?? REINSTALL;

/** How this program gets a package of this system that was left out, or is of another version. */
export function howToInstall(): string {
  const around = surroundings();
  return howToBringFiles(around) ?? howToInstallAll(packageManagerOf([around.packageFolder]));
}

/** What was left out together with koffi's native part. */
function missingPackage(): string | undefined {
  const candidates = libraryCandidates(undefined);
  if (candidates.some(({ path }) => path !== undefined && isThere(path))) return undefined;
  return candidates.find(({ platformPackage }) => platformPackage !== undefined)?.platformPackage;
}

/** Whether Node.js, started with --permission, shows what is there; without a path: whatever is there. */
const mayRead = (path?: string): boolean => {
  const { permission } = process as { permission?: { has(scope: string, path?: string): boolean } };
  return permission?.has("fs.read", path) ?? true;
};

const NOT_IN_SIGHT =
  "not found where Node.js may read: with --permission give it --allow-fs-read for the app's node_modules, where it has to be installed";

const BARRIERS: Readonly<Record<string, string>> = {
  EACCES: "this user may not look into its folder: change the folder's permissions",
  EPERM: "this user may not look into its folder: change the folder's permissions",
  ELOOP: "it is a symbolic link that leads back to itself: put the file there",
};

/** What keeps this process from seeing whether something is there. */
function barrierTo(path: string): string | undefined {
  try {
    statSync(path);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== undefined && Object.hasOwn(BARRIERS, code) ? BARRIERS[code] : undefined;
  }
}

/** Nothing is there, as far as this process may know. */
export function isMissing(place: Place): Attempt {
  const what = nameOf(place);
  if (place.path === undefined) {
    return mayRead() ? { what, reason: "not installed", wasThere: false } : { what, reason: NOT_IN_SIGHT, wasThere: true };
  }
  const barrier = barrierTo(place.path);
  if (barrier !== undefined) return { what, reason: barrier, wasThere: true };
  if (mayRead(place.path)) return { what, reason: "there is no such file", wasThere: false };
  return { what, reason: explainLoadFailure("ERR_ACCESS_DENIED", thisSystem()) ?? "", wasThere: false };
}

/** Loaders' messages go on with a stack or advice that is of no use here. The path may have lines of its own. */
const firstLineOf = (error: unknown, path: string): string =>
  messageOf(error).replaceAll(path, () => oneLine(path)).split("\n")[0]?.replace(/\.$/, "") ?? "";

const IN_ARCHIVE: Record<Archive, string> = {
  asar: "it lies inside an archive, which the system's loader can't open: have your packager unpack **/*.node",
  zip: "it lies inside an archive, which the system's loader can't open: run `yarn unplug session-replay-native`",
};

/** It is there, and can't be used. */
export function hasFailed(place: Place, error: unknown): Attempt {
  const message = firstLineOf(error, place.path ?? "");
  const { code } = (error ?? {}) as { code?: unknown };
  const archive = archiveOf(place.path ?? "");
  const means = archive
    ? IN_ARCHIVE[archive]
    : explainLoadFailure(typeof code === "string" ? `${code} ${message}` : message, thisSystem(), {
        renew: howToRenew(),
        install: howToInstall(),
        missing: missingPackage(),
      });
  return { what: nameOf(place), reason: means === undefined ? message : `${means} (${message})`, wasThere: true };
}

/** The first true reason, then the other places; `whatToDo` comes first where no place had anything. One line, as a log has it. */
export function tell(attempts: readonly Attempt[], whatToDo = ""): string {
  const first = attempts.find(({ wasThere }) => wasThere);
  const others = attempts
    .filter((attempt) => attempt !== first)
    .map(({ what, reason }) => `${what}: ${reason === first?.reason ? "the same" : reason}`)
    .join("; ");
  if (first) return `${first.what}: ${first.reason}.${others && ` Looked also at: ${others}.`}`;
  return whatToDo === "" ? `${others}.` : `${whatToDo} Looked at: ${others}.`;
}
