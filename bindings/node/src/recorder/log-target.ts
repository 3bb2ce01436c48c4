// Where a line of the log goes besides the host's listeners: to the host's logger, or, where the host has said nothing about
// the log, to the console. A pure decision.
import type { LogLine, LogSettings } from "../model/log.js";
import { LOG_LEVELS } from "../model/shared/choices.js";

/** How often the library is polled for somebody who listens, and for the console alone. */
const LISTENER_POLL_MS = 250;
const CONSOLE_POLL_MS = 1_000;

const isConsoleUsed = ({ logger, level }: LogSettings, hasListener: boolean): boolean =>
  logger === undefined && !hasListener && level !== "none";

/** Who gets the line. */
export function logTarget(settings: LogSettings, hasListener: boolean, level: LogLine["level"]): "logger" | "console" | undefined {
  if (settings.logger) return "logger";
  const isWanted = LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(settings.level);
  return isConsoleUsed(settings, hasListener) && isWanted ? "console" : undefined;
}

/** Whether the console must not be filled: whoever asks for more than warnings wants all of it. */
export const isBounded = ({ level }: LogSettings): boolean => level !== "info" && level !== "debug";

/** How often the library is to be polled; `undefined`: not at all. `isListening`: for anything else, too. */
export function pollInterval(settings: LogSettings, hasListener: boolean, isListening: boolean): number | undefined {
  if (settings.logger || isListening) return LISTENER_POLL_MS;
  return isConsoleUsed(settings, hasListener) ? CONSOLE_POLL_MS : undefined;
}
