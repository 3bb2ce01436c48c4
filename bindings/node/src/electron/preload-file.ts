// The preload script's file: this package's, or a loose copy that a packager has put beside the app's bundle. Never another
// script: the app has a `preload.js` of its own.
import { join } from "node:path";
import { here } from "../locating/here.js";
import { isThere } from "../locating/is-there.js";
import { nameOf } from "../locating/places.js";
import { locateRuntimeFile } from "../locating/runtime-files.js";

const NAME = "session-replay-preload.js";
const { path: found, places } = locateRuntimeFile(NAME, `dist/electron/${NAME}`);

/**
 * The preload script's file, for `webPreferences.preload` and `session.registerPreloadScript`. Where there is none, it is the
 * first path that was looked at, and `attach` logs what to do.
 */
export const preloadPath: string = found ?? places.find(({ path }) => path !== undefined)?.path ?? join(here, NAME);

/** What is wrong, and what to do; `undefined` where the file is there. A build may put it there after the app has started. */
export function missingPreload(): string | undefined {
  if (isThere(preloadPath)) return undefined;
  return (
    `the preload script ${NAME} was not found, so no window is recorded. A bundled app has to take that file along: run ` +
    "`npx session-replay-native copy <the bundle's folder>` in the build, or keep session-replay-native out of the bundle " +
    "(external) and ship it in node_modules. If your own preload script imports session-replay-native/electron/preload, say " +
    `so: attach({ ownPreload: true }). Looked at: ${places.map(nameOf).join("; ")}.`
  );
}
