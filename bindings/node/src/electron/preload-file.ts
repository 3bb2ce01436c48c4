// The preload script's file: this package's, or a loose file that a packager has put beside the app's bundle. Never another
// script: the app has a `preload.js` of its own.
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { howToBringFiles } from "../locating/bring-files.js";
import { here } from "../locating/here.js";
import { locate } from "../locating/locate.js";
import { PACKAGE } from "../locating/package-folder.js";
import { PRELOAD_PATH, nameOf } from "../locating/places.js";
import { surroundings } from "../locating/surroundings.js";

const NAME = basename(PRELOAD_PATH);
const { path: found, places } = locate(PRELOAD_PATH);

/**
 * The preload script's file, for `webPreferences.preload` and `session.registerPreloadScript`. Where there is none, it is the
 * first path that was looked at, and `attach` logs what to do.
 */
export const preloadPath: string = found ?? places.find(({ path }) => path !== undefined)?.path ?? join(here, NAME);

/** Whether it is a file. A folder of that name is none. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What is wrong, and what to do; `undefined` where the file is there. A build may put it there after the app has started. */
export function missingPreload(): string | undefined {
  if (isFile(preloadPath)) return undefined;
  return (
    `the preload script ${NAME} was not found, so no window is recorded. ${whatToDo()} If your own preload script imports ` +
    `${PACKAGE}/electron/preload, say so: attach({ ownPreload: true }). Looked at: ${places.map(nameOf).join("; ")}.`
  );
}

function whatToDo(): string {
  const bring = howToBringFiles(surroundings());
  if (bring === undefined) return `Install ${PACKAGE} again.`;
  return `${bring[0]?.toUpperCase()}${bring.slice(1)}; or leave ${PACKAGE} external, and ship it in node_modules.`;
}
