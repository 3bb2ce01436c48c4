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

/** The console, if there is one: a host may have removed it, or put a getter in its place. */
export function hostConsole(): Logger | undefined {
  try {
    return (globalThis as unknown as { console?: Logger }).console;
  } catch {
    return undefined;
  }
}

const METHODS = ["error", "warn", "log", "debug"] as const;

/** Whether it can be told a line at all. */
export function isLogger(value: unknown): value is Logger {
  if (typeof value !== "object" || value === null) return false;
  try {
    return METHODS.some((name) => typeof (value as Partial<Logger>)[name] === "function");
  } catch {
    return false;
  }
}

/** Gives a line to a logger. One that lacks a method, throws, or returns a rejected promise does not harm the host. */
export function writeLine(logger: Partial<Logger> | null | undefined, { level, message }: LogLine): void {
  const text = `session-replay: ${message}`;
  const write = (): unknown => {
    if (level === "error" && logger?.error) return logger.error(text);
    if ((level === "error" || level === "warn") && logger?.warn) return logger.warn(text);
    return (level === "info" || level === "debug") && logger?.debug ? logger.debug(text) : logger?.log?.(text);
  };
  try {
    Promise.resolve(write()).catch(() => {});
  } catch {
    // There is no other place to report it.
  }
}
