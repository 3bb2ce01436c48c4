// What a host can listen to.
import { EventEmitter } from "node:events";
import type { Logger } from "../options/options.js";

/** One line of the log. */
export interface LogLine {
  level: "error" | "warn" | "info" | "debug";
  message: string;
}

/** The events and what their listeners are given. */
export interface SessionReplayEvents {
  /**
   * The library begins to ask for a full snapshot: have the recorder take one. Once each time it begins to ask, and
   * only if no full snapshot was recorded in the same turn.
   */
  "needs-full-snapshot": () => void;
  /** Another session is the current one. */
  session: (sessionId: number | string) => void;
  /** The library, or this package, has something to say. The option `logLevel` says how much the library tells. */
  log: (line: LogLine) => void;
}

/** An emitter, and the logger of the options beside it. */
export class Events {
  readonly #emitter = new EventEmitter();
  logger: Logger | undefined;

  on<Name extends keyof SessionReplayEvents>(name: Name, listener: SessionReplayEvents[Name]): void {
    this.#emitter.on(name, listener);
  }

  once<Name extends keyof SessionReplayEvents>(name: Name, listener: SessionReplayEvents[Name]): void {
    this.#emitter.once(name, listener);
  }

  off<Name extends keyof SessionReplayEvents>(name: Name, listener: SessionReplayEvents[Name]): void {
    this.#emitter.off(name, listener);
  }

  /** Somebody hears what only asking the library again and again can tell. */
  get isWatched(): boolean {
    const { logger } = this;
    return logger !== undefined || this.#emitter.listenerCount("log") + this.#emitter.listenerCount("session") > 0;
  }

  /** Listeners run outside of the call that caused the event: what they do or throw is none of that call's business. */
  emit<Name extends keyof SessionReplayEvents>(name: Name, ...given: Parameters<SessionReplayEvents[Name]>): void {
    queueMicrotask(() => this.#emitter.emit(name, ...given));
  }

  log(level: LogLine["level"], message: string): void {
    this.emit("log", { level, message });
    const { logger } = this;
    if (logger) queueMicrotask(() => tell(logger, { level, message }));
  }
}

/** A logger that lacks a method, throws, or answers with a promise that is rejected, is no reason for the host to end. */
export function tell(logger: Partial<Logger> | null | undefined, { level, message }: LogLine): void {
  const text = `session-replay: ${message}`;
  const say = (): unknown => {
    if (level === "error" || level === "warn") return logger?.[level]?.(text);
    return logger?.debug ? logger.debug(text) : logger?.log?.(text);
  };
  try {
    Promise.resolve(say()).catch(() => {});
  } catch {
    // There is nobody else to tell.
  }
}
