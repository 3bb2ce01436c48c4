// What this process says of where its program lies.
import { realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { isRuntime } from "./executable.js";
import { here } from "./here.js";
import { findPackageFolder } from "./package-folder.js";
import { thisSystem, type System } from "./system.js";

export interface Surroundings {
  system: System;
  /** The folder that this code runs from. */
  here: string;
  /** The package's own folder; none where it is part of a bundle. */
  packageFolder: string | undefined;
  /** The folder of the script that the process was started with. */
  entryFolder: string | undefined;
  /** Electron's `process.resourcesPath`. */
  resourcesPath: string | undefined;
  /** Whether a packager has made an Electron app of it. */
  isPackedApp: boolean;
  /** The executable's folder, where the executable is the app itself. */
  executableFolder: string | undefined;
}

type AnyProcess = NodeJS.Process & { resourcesPath?: unknown; defaultApp?: unknown };

export function surroundings(): Surroundings {
  return {
    system: thisSystem(),
    here,
    packageFolder: findPackageFolder(),
    entryFolder: entryFolder(),
    resourcesPath: resourcesFolder(own(process as AnyProcess, "resourcesPath")),
    isPackedApp: isPackedApp(),
    executableFolder: isRuntime(process.execPath) ? undefined : dirname(process.execPath),
  };
}

/** Electron says `defaultApp` where it was given the app's folder, as in development. */
const isPackedApp = (): boolean => own(process.versions, "electron") !== undefined && !own(process as AnyProcess, "defaultApp");

/** A member of its own: what somebody has put on `Object.prototype` says nothing. */
const own = <T extends object, K extends keyof T>(of: T, key: K): T[K] | undefined => (Object.hasOwn(of, key) ? of[key] : undefined);

/** By its real path, as modules have it. A relative one would lead from the current folder, which may be anybody's. */
export function resourcesFolder(given: unknown): string | undefined {
  if (typeof given !== "string" || !isAbsolute(given)) return undefined;
  try {
    return realpathSync(given);
  } catch {
    return given;
  }
}

/** That of the script that the process was started with. An argument that names a file of the user's must not be taken for it. */
function entryFolder(): string | undefined {
  const main = (process as { mainModule?: { filename?: unknown } }).mainModule?.filename;
  if (typeof main === "string" && isAbsolute(main)) return dirname(main);
  const { argv, execArgv } = process;
  const isEval = execArgv.some((argument) => /^(-e|-p|-pe|--eval|--print)(=|$)/.test(argument));
  const [, script] = argv;
  if (script === undefined || isPackedApp() || isEval || !isAbsolute(script)) return undefined;
  try {
    const real = realpathSync(script);
    // `node folder` starts what the folder's package.json names.
    return statSync(real).isDirectory() ? real : dirname(real);
  } catch {
    return undefined;
  }
}
