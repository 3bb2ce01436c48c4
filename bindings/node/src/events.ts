// What a host can listen to.
import { EventEmitter } from "node:events";
import type { Logger } from "./options.js";

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

/** A logger that lacks a method, or throws, is no reason for the host to end. */
function tell(logger: Partial<Logger>, { level, message }: LogLine): void {
  const text = `session-replay: ${message}`;
  try {
    if (level === "error" || level === "warn") logger[level]?.(text);
    else if (logger.debug) logger.debug(text);
    else logger.log?.(text);
  } catch {
    // There is nobody else to tell.
  }
}
