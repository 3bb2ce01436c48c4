// C and C++ programs that CMake builds, against the library that cargo built.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { command } from "./children.mjs";
import { built, project } from "./paths.mjs";

/**
 * Builds the CMake project in `source`, given relative to this one, against the library in the folder `from`, into the folder
 * `build/INTO`; answers with that folder.
 */
export async function buildWithCMake(source, into, options = [], from = built) {
  const folder = join(project, "build", into);
  const library = [`-DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=${join(project, "tests/support/library.cmake")}`, `-DSR_BUILT=${from}`];
  const limit = { timeout: 600_000 };
  await command("cmake", ["-S", join(project, source), "-B", folder, ...library, "-DCMAKE_BUILD_TYPE=Debug", ...options], limit);
  await command("cmake", ["--build", folder, "--parallel", "2"], limit);
  return folder;
}

/** Whether pkg-config knows these packages. */
export function hasPackages(...names) {
  try {
    execFileSync("pkg-config", ["--exists", ...names]);
    return true;
  } catch {
    return false;
  }
}
