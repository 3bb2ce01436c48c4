// The listeners of the host, and the logger of its options.
import { EventEmitter } from "node:events";
import type { SessionReplayEvents } from "../model/events.js";
import { writeLine, type LogLine, type Logger } from "../model/log.js";

export class EventHub {
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

  /** Whether anybody listens for what has to be polled: the library's log lines, and sessions that it begins. */
  get needsPolling(): boolean {
    return this.logger !== undefined || this.#emitter.listenerCount("log") + this.#emitter.listenerCount("session") > 0;
  }

  /** Listeners run after the call that caused the event, so that what they do or throw can't affect that call. */
  emit<Name extends keyof SessionReplayEvents>(name: Name, ...values: Parameters<SessionReplayEvents[Name]>): void {
    queueMicrotask(() => this.#emitter.emit(name, ...values));
  }

  log(level: LogLine["level"], message: string): void {
    this.emit("log", { level, message });
    const { logger } = this;
    if (logger) queueMicrotask(() => writeLine(logger, { level, message }));
  }
}
