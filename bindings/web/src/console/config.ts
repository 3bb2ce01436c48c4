// What of the console is recorded, from the configuration of the page.

import { type Complain, listOf } from "../model/lists";
import { CONSOLE_LEVELS, type ConsoleLevel, type LoggingConfig } from "../model/shared";
import type { ConsoleConfig } from "./report";

/** null: nothing is recorded. */
export function consoleConfigOf({ console, errors }: LoggingConfig, complain: Complain = () => {}): ConsoleConfig | null {
  const levels = console?.enabled === true ? levelsOf(console.levels, complain) : [];
  // rrweb's plugin, and so the browser SDK, records errors with the level of that name.
  const hasErrors = errors ? errors.enabled === true : levels.includes("error");
  return levels.length > 0 || hasErrors ? { levels, errors: hasErrors } : null;
}

function levelsOf(given: unknown, complain: Complain): ConsoleLevel[] {
  if (given === undefined || given === null) return [...CONSOLE_LEVELS];
  const levels = listOf(given, "console.levels", complain) ?? [];
  return CONSOLE_LEVELS.filter((level) => levels.includes(level));
}
