// How an app is laid out on a user's machine: where its bundle lies, and what lies around it.
import { cpSync, linkSync, mkdtempSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A folder's name as users have it. */
const PLACE = "My Shöp ";

/** What each puts around a bundle: into the bundle's own `folder`, the app's, or Electron's `resources`. */
export const LAYOUTS = {
  "node_modules beside": ({ installed, app }) =>
    cpSync(join(installed, "node_modules"), join(app, "node_modules"), { recursive: true, verbatimSymlinks: true }),
  "run-time files beside": ({ runtimeFiles, folder }) => cpSync(runtimeFiles, folder, { recursive: true }),
  "run-time files in resources": ({ runtimeFiles, resources }) => cpSync(runtimeFiles, resources, { recursive: true }),
  "nothing beside": () => {},
};

/**
 * Puts an Electron app's bundle into a place of its own: what a tool has built, with the file `entry` in the folder `output`.
 * Answers with the bundle there, and with the folder that `process.resourcesPath` names.
 */
export function layOutApp({ places, ...made }, { built, output, entry }, layout) {
  const resources = join(mkdtempSync(join(places, PLACE)), "resources");
  const app = join(resources, "app");
  const bundle = join(app, output, entry);
  cpSync(built, app, { recursive: true });
  LAYOUTS[layout]({ ...made, folder: dirname(bundle), app, resources });
  return { bundle, resources };
}

/** Puts a single executable into a place of its own, and answers with its path there. */
export function layOutExecutable({ places, ...made }, built, layout) {
  const folder = mkdtempSync(join(places, PLACE));
  const executable = join(folder, basename(built));
  linkSync(built, executable);
  LAYOUTS[layout]({ ...made, folder, app: folder });
  return executable;
}
