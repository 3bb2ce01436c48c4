// What this process says of where its program lies.
import { realpathSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
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
  const { resourcesPath } = process as AnyProcess;
  const entry = entryFile();
  return {
    system: thisSystem(),
    here,
    packageFolder: findPackageFolder(),
    entryFolder: entry === undefined ? undefined : dirname(entry),
    isPackedApp: isPackedApp(),
    resourcesPath: typeof resourcesPath === "string" && resourcesPath !== "" ? resourcesPath : undefined,
    executableFolder: isRuntime(process.execPath) ? undefined : dirname(process.execPath),
  };
}

/** Whether an executable is a runtime for any program, by its name, and not an app: a single executable, a packaged one. */
export const isRuntime = (executable: string): boolean => /(^|[\\/])(node|nodejs|bun|deno|electron)[-v\d.]*(\.exe)?$/i.test(executable);

/** Electron says `defaultApp` where it was given the app's folder, as in development. */
const isPackedApp = (): boolean => process.versions["electron"] !== undefined && !(process as AnyProcess).defaultApp;

/** The script that the process was started with. An argument that names a file of the user's must not be taken for it. */
function entryFile(): string | undefined {
  const main = (process as { mainModule?: { filename?: unknown } }).mainModule?.filename;
  if (typeof main === "string" && isAbsolute(main)) return main;
  const { argv, execArgv } = process;
  const isEval = execArgv.some((argument) => /^(-e|-p|-pe|--eval|--print)(=|$)/.test(argument));
  const [, script] = argv;
  if (script === undefined || isPackedApp() || isEval || !isAbsolute(script)) return undefined;
  try {
    return realpathSync(script);
  } catch {
    return undefined;
  }
}
