// Finds the packages that call into the library, at run time: as packages, from each folder that may have a node_modules, or,
// koffi, as a loose file, which is its addon.
import { dirname } from "node:path";
import { unpacked } from "../locating/archive.js";
import { isThere } from "../locating/is-there.js";
import { dependencyAnchors, looseFiles, type Place } from "../locating/places.js";
import { requireFrom, resolveFrom } from "../locating/runtime-require.js";
import { surroundings } from "../locating/surroundings.js";
import { thisSystem } from "../locating/system.js";
import { hasOwn } from "../model/values.js";
import { hasFailed, howToRenew, isMissing, type Attempt } from "./attempts.js";
import { problemOfFile } from "./binary-header.js";
import { checkKoffiPart } from "./koffi-part.js";

/** What was found, or why nothing was. */
export type Found = { addon: unknown } | { attempts: Attempt[] };

/** Whether what was loaded is the package that was meant: a bundler or a test may have put something else in its place. */
type IsRight = (loaded: any) => boolean;

/** A package, from the first folder that has it in a usable state. */
export function findPackage(name: string, isRight: IsRight): Found {
  const attempts: Attempt[] = [];
  const seen = new Set<string>();
  for (const { folder, upTo } of dependencyAnchors(surroundings(), resolveFrom)) {
    const path = resolveFrom(name, folder, upTo);
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    const load = () => {
      if (name === "koffi") checkKoffiPart(path);
      // By its name where Node.js has looked alone, so that a test's mock of it counts.
      return requireFrom(folder)(upTo === undefined ? name : path);
    };
    const loaded = attempt({ path, source: `the package ${name}` }, load, isRight);
    if (hasOwn(loaded, "addon")) return loaded;
    attempts.push(...loaded.attempts);
  }
  if (seen.size === 0) attempts.push(isMissing({ path: undefined, source: `the package ${name}` }));
  return { attempts };
}

/** An addon that is a loose file: beside the bundle, and so on. */
export function findLooseAddon(file: string, isRight: IsRight): Found {
  const attempts: Attempt[] = [];
  for (const place of looseFiles(surroundings(), file)) {
    const path = unpacked(place.path);
    if (!isThere(path)) {
      attempts.push(isMissing(place));
      continue;
    }
    const loaded = attempt({ ...place, path }, () => requireAddon(path), isRight);
    if (hasOwn(loaded, "addon")) return loaded;
    attempts.push(...loaded.attempts);
  }
  return { attempts };
}

function requireAddon(path: string): unknown {
  const problem = problemOfFile(path, thisSystem(), howToRenew());
  if (problem !== undefined) throw new Error(problem);
  return requireFrom(dirname(path))(path);
}

function attempt(place: Place, load: () => unknown, isRight: IsRight): Found {
  try {
    const addon = load();
    if (isRight(addon)) return { addon };
    return { attempts: [hasFailed(place, new Error("it is something else than that package: bundled, mocked or damaged"))] };
  } catch (error) {
    return { attempts: [hasFailed(place, error)] };
  }
}
