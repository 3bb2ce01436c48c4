// Lines of the log, and the host's logger.
import type { LogLevel } from "./shared/choices.js";

/** Anything with the browser SDK's logger's methods: `console` will do. */
export interface Logger {
  error(...message: unknown[]): void;
  warn(...message: unknown[]): void;
  /** Lines of the levels info and debug go to `debug`, or to `log` where there is no `debug`. */
  log(...message: unknown[]): void;
  debug?(...message: unknown[]): void;
}

/** One line of the log. */
export interface LogLine {
  level: "error" | "warn" | "info" | "debug";
  message: string;
}

/** What the options of `init` say about the log. */
export interface LogSettings {
  /** `undefined`: the console, unless somebody listens. `null`: nothing. */
  logger: Logger | null | undefined;
  /** How much goes to the console. */
  level: LogLevel;
}

/** Gives a line to a logger. One that lacks a method, throws, or returns a rejected promise does not harm the host. */
export function writeLine(logger: Partial<Logger> | null | undefined, { level, message }: LogLine): void {
  const text = `session-replay: ${message}`;
  const write = (): unknown => {
    if (level === "error" || level === "warn") return logger?.[level]?.(text);
    return logger?.debug ? logger.debug(text) : logger?.log?.(text);
  };
  try {
    Promise.resolve(write()).catch(() => {});
  } catch {
    // There is no other place to report it.
  }
}
