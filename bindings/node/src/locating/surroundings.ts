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
    resourcesPath: typeof resourcesPath === "string" && resourcesPath !== "" ? resourcesPath : undefined,
    executableFolder: isRuntime(process.execPath) ? undefined : dirname(process.execPath),
  };
}

/** Whether an executable is a runtime for any program, by its name, and not an app: a single executable, a packaged one. */
export const isRuntime = (executable: string): boolean => /(^|[\\/])(node|nodejs|bun|deno|electron)[-v\d.]*(\.exe)?$/i.test(executable);

/** The script that the process was started with. An argument that names a file of the user's must not be taken for it. */
function entryFile(): string | undefined {
  const main = (process as { mainModule?: { filename?: unknown } }).mainModule?.filename;
  if (typeof main === "string" && isAbsolute(main)) return main;
  const { argv, execArgv, versions } = process;
  const isPackagedApp = versions["electron"] !== undefined && !(process as AnyProcess).defaultApp;
  const isEval = execArgv.some((argument) => /^(-e|-p|-pe|--eval|--print)(=|$)/.test(argument));
  const [, script] = argv;
  if (script === undefined || isPackagedApp || isEval || !isAbsolute(script)) return undefined;
  try {
    return realpathSync(script);
  } catch {
    return undefined;
  }
}
