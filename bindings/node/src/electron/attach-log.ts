// The log of `attach`: it tells of windows before `init`, and without it.
import { writeLine, type LogLine } from "../model/log.js";
import { LOG_LEVELS } from "../model/shared/choices.js";
import { logSettingsOf } from "../options/sorted.js";
import type { AttachOptions } from "./attach-options.js";

/** Logs where the options of `init` want it: to the host's logger, or, where they say nothing about the log, the console. */
export function logForApp({ options }: AttachOptions, line: LogLine): void {
  const { logger, level } = logSettingsOf(options);
  const isForConsole = logger === undefined && LOG_LEVELS.indexOf(line.level) <= LOG_LEVELS.indexOf(level);
  writeLine(isForConsole ? console : logger, line);
}
