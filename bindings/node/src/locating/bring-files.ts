// What to do so that a bundled app has the run-time files for this system.
import { PACKAGE } from "./package-folder.js";
import type { Surroundings } from "./surroundings.js";

/** As a clause; `undefined` where the package is in node_modules, and has them. */
export function howToBringFiles({ packageFolder, isPackedApp }: Pick<Surroundings, "packageFolder" | "isPackedApp">): string | undefined {
  if (packageFolder !== undefined) return undefined;
  return isPackedApp
    ? `have your packager copy the run-time files for this system into the app's resources, with copyRuntimeFiles of ${PACKAGE}/packaging ` +
        `or \`npx ${PACKAGE} copy <folder>\``
    : `copy the run-time files for this system beside the bundle, with \`npx ${PACKAGE} copy <folder>\``;
}
