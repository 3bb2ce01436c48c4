// The listeners of the host, and where else its log goes.
import { EventEmitter } from "node:events";
import type { SessionReplayEvents } from "../model/events.js";
import { writeLine, type LogLine, type LogSettings } from "../model/log.js";
import { DEFAULTS } from "../model/shared/options.js";
import { logTarget, pollInterval } from "./log-target.js";

export class EventHub {
  readonly #emitter = new EventEmitter();
  #lastOnConsole: string | undefined;
  logSettings: LogSettings = { logger: undefined, level: DEFAULTS.logLevel };

  on<Name extends keyof SessionReplayEvents>(name: Name, listener: SessionReplayEvents[Name]): void {
    this.#emitter.on(name, listener);
  }

  once<Name extends keyof SessionReplayEvents>(name: Name, listener: SessionReplayEvents[Name]): void {
    this.#emitter.once(name, listener);
  }

  off<Name extends keyof SessionReplayEvents>(name: Name, listener: SessionReplayEvents[Name]): void {
    this.#emitter.off(name, listener);
  }

  /** How often the library has to be polled for its log lines and the sessions that it begins; `undefined`: nobody listens. */
  get pollIntervalMs(): number | undefined {
    return pollInterval(this.logSettings, this.#hasListener, this.#hasListener || this.#emitter.listenerCount("session") > 0);
  }

  get #hasListener(): boolean {
    return this.#emitter.listenerCount("log") > 0;
  }

  /** Listeners run after the call that caused the event, so that what they do or throw can't affect that call. */
  emit<Name extends keyof SessionReplayEvents>(name: Name, ...values: Parameters<SessionReplayEvents[Name]>): void {
    queueMicrotask(() => this.#emitter.emit(name, ...values));
  }

  /** A line of the log. Who gets it is decided at the end of the turn: a host may add its listener after `init`. */
  log(level: LogLine["level"], message: string): void {
    const settings = this.logSettings;
    queueMicrotask(() => {
      const target = logTarget(settings, this.#hasListener, level);
      if (target === "logger") writeLine(settings.logger, { level, message });
      else if (target === "console") this.#writeToConsole({ level, message });
    });
    this.emit("log", { level, message });
  }

  /** While a server is away the library says the same at each attempt: nobody who has not asked for the log wants that. */
  #writeToConsole(line: LogLine): void {
    if (line.level !== "error" && line.message === this.#lastOnConsole) return;
    this.#lastOnConsole = line.message;
    writeLine(console, line);
  }
}
