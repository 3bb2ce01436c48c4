// Beginning and end: init, shutdown, and what happens where several of them overlap.
import { invalid } from "../model/errors.js";
import { toApiKey, type ApiKey } from "../model/ids.js";
import type { WaitStatus } from "../model/results.js";
import type { Stats } from "../model/stats.js";
import { hasBegun, type NativeLibrary } from "../native/library.js";
import type { SessionReplayOptions } from "../options/options.js";
import { isSameConfiguration, logSettingsOf, sortOptions, toOptionsJson, type SortedOptions } from "../options/sorted.js";
import type { RecorderContext } from "./context.js";
import { endRecording, flush } from "./delivery.js";
import { pollUntilDelivered, toTimerMs } from "./flush-waiter.js";
import { parseJson } from "./json.js";
import { delay } from "./real-time.js";
import type { SessionControl } from "./session-control.js";

const FLUSH_MS = 10_000;
const SHUTDOWN_MS = 5_000;
/** How often the remote configuration is looked for while `init` waits: it comes, or is given up, within seconds. */
const CONFIG_POLL_MS = 20;

/** A recorder that this thread has started. */
interface Run {
  readonly apiKey: ApiKey;
  readonly options: SortedOptions;
  /** Its shutdown. A flush that it cut short has the same result. */
  shutdown?: Promise<WaitStatus>;
}

export class Lifecycle {
  /** What this thread started the recorder with, to know it again. */
  #run: Run | undefined;
  /** The shutdown that is under way. */
  #ending: Promise<WaitStatus> | undefined;
  /** The last shutdown since a recorder began, for flushes of a recorder that this thread did not start. */
  #lastShutdown: Promise<WaitStatus> | undefined;
  /** Calls of init and shutdown: of those that overlap the newest counts. */
  #calls = 0;
  #newestCall: Promise<unknown> = Promise.resolve();
  /** Other copies of this package that use this recorder, in words. */
  readonly #copyWarnings: string[] = [];

  constructor(
    private readonly context: RecorderContext,
    private readonly control: SessionControl,
  ) {}

  /**
   * Starts recording, or changes how it is done; resolves when it is decided whether this session is captured. Never rejects: a
   * failure is in the log, and in the advice of the stats.
   */
  init(apiKey: unknown, options?: SessionReplayOptions): Promise<void> {
    const call = ++this.#calls;
    const result = this.#init(call, apiKey, options);
    this.#newestCall = result;
    return result;
  }

  /** `true` and `false` are what the browser SDK's `flush` takes; they change nothing here. */
  async flush(timeoutMs: number | boolean = FLUSH_MS): Promise<WaitStatus> {
    const time = toTimerMs(typeof timeoutMs === "boolean" ? FLUSH_MS : timeoutMs);
    if (time === undefined) throw invalid(`flush takes a time in milliseconds, not ${String(timeoutMs)}`);
    const run = this.#run;
    return flush(this.context, time, () => run?.shutdown ?? this.#lastShutdown);
  }

  async shutdown(timeoutMs: number = SHUTDOWN_MS): Promise<WaitStatus> {
    const time = toTimerMs(timeoutMs);
    if (time === undefined) throw invalid(`shutdown takes a time in milliseconds, not ${String(timeoutMs)}`);
    this.#calls++;
    const result = this.#end(time);
    this.#newestCall = result;
    return result;
  }

  /** All is done when this returns, except where a recorder is ending, or has to. */
  async #init(call: number, apiKey: unknown, options: SessionReplayOptions | undefined): Promise<void> {
    const { events, library: handle, notices } = this.context;
    // Where nothing is being recorded, this host's logger receives why nothing begins.
    if (this.#run === undefined) events.logSettings = logSettingsOf(options);
    try {
      const sorted = sortOptions(options);
      const key = toApiKey(apiKey);
      const library = handle.load(sorted.load);
      if (this.#ending === undefined && this.#mustReplace(library, key, sorted)) {
        // The next recorder finds what a storageDir holds; what memory holds has to be sent first.
        void this.#end(this.#run?.options.native["storageDir"] === undefined ? SHUTDOWN_MS : 0);
      }
      if (this.#ending !== undefined) {
        const status = await this.#ending.catch(() => "timeout");
        if (status === "timeout") events.log("warn", "init: the previous recorder could not send all it had in time");
        if (call !== this.#calls) return this.#untilNewestCall();
      }
      if (this.#run !== undefined && library.stats() !== null) this.control.applyIds(sorted.native);
      else if (!this.#begin(library, key, sorted)) {
        await this.#endForeign(library);
        if (call !== this.#calls) return this.#untilNewestCall();
        this.#begin(library, key, sorted);
      }
      this.#warn(sorted, [...sorted.warnings, ...this.#copyWarnings]);
      await this.#untilDecided(library);
    } catch (error) {
      notices.initFailed(error, this.#run !== undefined);
    }
  }

  /** Another call has come since. What became of that is its own caller's to hear. */
  async #untilNewestCall(): Promise<void> {
    await this.#newestCall.catch(() => {});
  }

  /** Another copy of this package uses this recorder, too. The logger is known once recording is on. */
  warnOfCopy(warning: string): void {
    this.#copyWarnings.push(warning);
    if (this.#run) this.#warn(this.#run.options, this.#copyWarnings);
  }

  #warn({ native: { logLevel } }: SortedOptions, warnings: readonly string[]): void {
    if (logLevel !== "none" && logLevel !== "error") warnings.forEach((it) => this.context.notices.warnOnce(it));
  }

  /** Whether another recorder of this thread is running than the one that is wanted. */
  #mustReplace(library: NativeLibrary, apiKey: ApiKey, options: SortedOptions): boolean {
    const { current } = this.context.library;
    if (this.#run === undefined || current?.stats() == null) return false;
    return library !== current || this.#run.apiKey !== apiKey || !isSameConfiguration(this.#run.options, options);
  }

  /** Starts the library, or joins it where it runs. False: a recorder of another thread is still ending. */
  #begin(library: NativeLibrary, apiKey: ApiKey, options: SortedOptions): boolean {
    const { events, library: handle, notices, poller } = this.context;
    handle.use(library);
    this.control.onBegin();
    notices.reset();
    this.#lastShutdown = undefined;
    events.logSettings = options.log;
    // From the first poll on, the library keeps its log lines.
    poller.poll();
    if (library.stats() !== null) {
      events.log("warn", "init: this process is already recording; this thread joins that recorder, whose options stay");
      this.control.applyIds(options.native);
    } else {
      const status = library.init(apiKey, toOptionsJson(options.native), options.limits);
      if (status < 0) {
        const error = handle.errorOf(status);
        if (library.stats() === null && hasBegun(library.flushBegin())) return false;
        throw error;
      }
      this.#run = { apiKey, options };
      this.control.onStarted(options.native);
    }
    poller.checkSession();
    poller.start();
    return true;
  }

  /** Waits for the end of another thread's recorder, and ends it where that thread does not: it may be gone. */
  async #endForeign(library: NativeLibrary): Promise<void> {
    const handle = library.flushBegin();
    await pollUntilDelivered(SHUTDOWN_MS, () => library.flushPoll(handle));
    await library.end();
  }

  /** Waits for the remote configuration. This timer keeps the process alive: who awaits `init` must not lose it. */
  async #untilDecided(library: NativeLibrary): Promise<void> {
    while (parseJson<Stats>(library.stats())?.state === "waiting-for-remote-config") await delay(CONFIG_POLL_MS);
    this.context.poller.poll();
  }

  #end(timeoutMs: number): Promise<WaitStatus> {
    this.#ending ??= (async () => {
      try {
        return await endRecording(this.context, timeoutMs);
      } finally {
        this.#ending = undefined;
        this.#run = undefined;
        this.context.session.remember(undefined);
        this.context.poller.stop();
      }
    })();
    if (this.#run) this.#run.shutdown = this.#ending;
    return (this.#lastShutdown = this.#ending);
  }
}
