// The listeners of the host, and where else its log goes.
import { EventEmitter } from "node:events";
import { atEndOfTurn } from "../model/end-of-turn.js";
import type { SessionReplayEvents } from "../model/events.js";
import { hostConsole, writeLine, type LogLine, type LogSettings } from "../model/log.js";
import { DEFAULTS } from "../model/shared/options.js";
import { ConsoleLimit } from "./console-limit.js";
import { isBounded, logTarget, pollInterval } from "./log-target.js";
import { now } from "./real-time.js";

export class EventHub {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #consoleLimit = new ConsoleLimit();
  #lastOnConsole: string | undefined;
  #logSettings: LogSettings = { logger: undefined, level: DEFAULTS.logLevel };
  #audience = 0;

  get logSettings(): LogSettings {
    return this.#logSettings;
  }

  set logSettings(settings: LogSettings) {
    const { logger, level } = this.#logSettings;
    if (logger !== settings.logger || level !== settings.level) this.#audience++;
    this.#logSettings = settings;
  }

  /** Another number for others who hear the log. */
  get audience(): number {
    return this.#audience;
  }

  on<Name extends keyof SessionReplayEvents>(name: Name, listener: SessionReplayEvents[Name]): void {
    if (name === "log") this.#audience++;
    this.#emitter.on(name, listener);
  }

  once<Name extends keyof SessionReplayEvents>(name: Name, listener: SessionReplayEvents[Name]): void {
    this.#emitter.once(name, listener);
  }

  off<Name extends keyof SessionReplayEvents>(name: Name, listener: SessionReplayEvents[Name]): void {
    this.#emitter.off(name, listener);
  }

  /** How often the library has to be polled for what there are listeners for; `undefined`: nobody listens. */
  get pollIntervalMs(): number | undefined {
    const isListening = this.#hasListener || this.#emitter.listenerCount("session") > 0 || this.asksForSnapshots;
    return pollInterval(this.logSettings, this.#hasListener, isListening);
  }

  /** Whether somebody takes full snapshots when they are wanted. */
  get asksForSnapshots(): boolean {
    return this.#emitter.listenerCount("needs-full-snapshot") > 0;
  }

  get #hasListener(): boolean {
    return this.#emitter.listenerCount("log") > 0;
  }

  /** Listeners run after the call that caused the event, so that what they do or throw can't affect that call. */
  emit<Name extends keyof SessionReplayEvents>(name: Name, ...values: Parameters<SessionReplayEvents[Name]>): void {
    atEndOfTurn(() => void this.#emitter.emit(name, ...values));
  }

  /** A line of the log. Who gets it is decided at the end of the turn: a host may add its listener after `init`. */
  log(level: LogLine["level"], message: string): void {
    const settings = this.logSettings;
    atEndOfTurn(() => {
      const target = logTarget(settings, this.#hasListener, level);
      if (target === "logger") writeLine(settings.logger, { level, message });
      else if (target === "console") this.#writeToConsole({ level, message }, isBounded(settings));
    });
    this.emit("log", { level, message });
  }

  /** While a server is away the library says the same at each attempt: nobody who has not asked for the log wants that. */
  #writeToConsole(line: LogLine, bounded: boolean): void {
    if (line.level !== "error" && line.message === this.#lastOnConsole) return;
    this.#lastOnConsole = line.message;
    const notice = (message: string): LogLine => ({ level: "warn", message });
    const lines = bounded ? this.#consoleLimit.admit(line, now(), notice) : [line];
    for (const one of lines) writeLine(hostConsole(), one);
  }
}
