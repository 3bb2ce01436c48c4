// Beginning and end: init, shutdown, and what happens where several of them overlap.
import { isMainThread } from "node:worker_threads";
import { SessionReplayError, invalid } from "../model/errors.js";
import { toApiKey, type ApiKey } from "../model/ids.js";
import type { WaitStatus } from "../model/results.js";
import type { Stats } from "../model/stats.js";
import { Status } from "../model/shared/status.js";
import { hasBegun, type NativeLibrary } from "../native/library.js";
import { ownMember } from "../model/values.js";
import type { SessionReplayOptions } from "../options/options.js";
import { isSameConfiguration, logSettingsOf, sortOptions, toOptionsJson, type SortedOptions } from "../options/sorted.js";
import type { RecorderContext } from "./context.js";
import { endRecording, flush } from "./delivery.js";
import { END_MS, endWithin, isEndPending } from "./ending.js";
import { isFulfilledWithin, pollUntilDelivered, toTimerMs } from "./flush-waiter.js";
import { parseJson } from "./json.js";
import { delay } from "./real-time.js";
import type { SessionControl } from "./session-control.js";
import type { Targeting } from "./targeting.js";
import { UnhandledErrors } from "./unhandled-errors.js";

const FLUSH_MS = 10_000;
const SHUTDOWN_MS = 5_000;
/** How often the remote configuration is looked for while `init` waits: it comes, or is given up, within seconds. */
const CONFIG_POLL_MS = 20;

const JOINS = "init: this process is already recording; this thread joins that recorder, whose options stay";
const NOT_ENDED =
  "the recorder before has not ended yet, as the threads of Node.js (UV_THREADPOOL_SIZE) are all busy: call init again once they are free";

/** What the library says of options that it takes, where it starts nothing. */
const OPTIONS_ARE_RIGHT = /^(sr_init was called before|sr_init is running|session replay is shutting down|the API key is empty)/;
const API_KEY = /^[!-~]{1,512}$/;

/** What `init` asks for. */
interface Wanted {
  readonly library: NativeLibrary;
  readonly apiKey: ApiKey;
  readonly options: SortedOptions;
}

/** A recorder that this thread has started. */
interface Run extends Wanted {
  /** Its shutdown. A flush that it cut short has the same result. */
  shutdown?: Promise<WaitStatus>;
}

export class Lifecycle {
  readonly #unhandledErrors = new UnhandledErrors();
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
    private readonly targeting: Targeting,
  ) {}

  /**
   * Starts recording, or changes how it is done; resolves when it is decided whether this session is captured. Never rejects: a
   * failure is in the log, and in the advice of the stats.
   */
  init(apiKey: unknown, options?: SessionReplayOptions): Promise<void> {
    const callsBefore = this.#calls;
    const result = this.#init(apiKey, options);
    if (this.#calls !== callsBefore) this.#newestCall = result;
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

  /** All is done when this returns, except where a recorder is ending, or has to. What is refused changes nothing. */
  async #init(apiKey: unknown, options: SessionReplayOptions | undefined): Promise<void> {
    const { events, notices } = this.context;
    // Where nothing is being recorded, this host's logger receives why nothing begins.
    if (this.#run === undefined) events.logSettings = logSettingsOf(options);
    try {
      const wanted = this.#check(apiKey, options);
      const mustReplace = this.#ending === undefined && this.#mustReplace(wanted);
      const mustWait = mustReplace || this.#ending !== undefined || isEndPending(wanted.library);
      const isBegun = !mustWait && this.#begin(wanted);
      const call = ++this.#calls;
      // The next recorder finds what a storageDir holds; what memory holds has to be sent first.
      if (mustReplace) void this.#end(this.#run?.options.native["storageDir"] === undefined ? SHUTDOWN_MS : 0);
      if (!isBegun) {
        await this.#untilEnded(wanted.library);
        if (call !== this.#calls) return this.#untilNewestCall();
        if (!this.#begin(wanted)) {
          await this.#endForeign(wanted.library);
          if (call !== this.#calls) return this.#untilNewestCall();
          if (!this.#begin(wanted)) throw new SessionReplayError("timeout", NOT_ENDED);
        }
      }
      this.#warn(wanted.options, [...wanted.options.warnings, ...this.#copyWarnings]);
      await this.#untilDecided(wanted.library);
    } catch (error) {
      notices.initFailed(error, this.#run !== undefined);
    }
  }

  /** Throws for what is refused, before anything that runs is touched. */
  #check(apiKey: unknown, given: SessionReplayOptions | undefined): Wanted {
    const options = sortOptions(given);
    const wanted: Wanted = { apiKey: toApiKey(apiKey), options, library: this.context.library.load(options.load) };
    const judge = this.context.library.current;
    const hasEnded = this.#run === undefined && this.#ending === undefined;
    if (judge === undefined || hasEnded) return wanted;
    // Without a key the library starts nothing, but it reads the options first.
    judge.init("" as ApiKey, toOptionsJson(options.native), this.#run?.options.limits ?? options.limits);
    const reason = judge.lastError();
    if (!OPTIONS_ARE_RIGHT.test(reason)) throw invalid(reason);
    if (!API_KEY.test(wanted.apiKey)) throw invalid("the API key is empty, too long, or no key: use the key of your Amplitude project");
    return wanted;
  }

  /** Waits for what ends in this thread. */
  async #untilEnded(library: NativeLibrary): Promise<void> {
    const { events } = this.context;
    if (this.#ending !== undefined) {
      const status = await this.#ending.catch(() => "timeout");
      if (status === "timeout") events.log("warn", "init: the previous recorder could not send all it had in time");
    }
    if (isEndPending(library) && (await endWithin(library, SHUTDOWN_MS)) === Status.Timeout && isEndPending(library)) {
      throw new SessionReplayError("timeout", NOT_ENDED);
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
  #mustReplace({ library, apiKey, options }: Wanted): boolean {
    const { current } = this.context.library;
    if (this.#run === undefined || current?.stats() == null) return false;
    return library !== current || this.#run.apiKey !== apiKey || !isSameConfiguration(this.#run.options, options);
  }

  /** Of the options of a recorder that is running those that are not its configuration: the ids, and the user. */
  #applyOwn({ native }: SortedOptions): void {
    this.control.applyIds(native);
    const userProperties = ownMember(native, "userProperties");
    if (userProperties !== undefined) this.targeting.evaluate({ userProperties });
  }

  /** Starts the library, or joins it where it runs. False: a recorder is still ending. */
  #begin({ library, apiKey, options }: Wanted): boolean {
    const { events, filter, library: handle, notices, poller } = this.context;
    filter.beforeRecord = options.beforeRecord;
    // First of all: who has opted out there is not recorded for a moment.
    this.control.followInstance(options.instanceName);
    if (this.#run !== undefined && library.stats() !== null) {
      filter.standForAll();
      this.context.requests.begin(library, options.handlers);
      this.#applyOwn(options);
      return true;
    }
    handle.use(library);
    this.#lastShutdown = undefined;
    events.logSettings = options.log;
    // From the first poll on, the library keeps its log lines.
    poller.poll();
    if (library.stats() !== null) {
      notices.reset();
      // For a worker thread that is the rule.
      events.log(isMainThread ? "warn" : "info", JOINS);
      filter.onJoined();
      this.control.onJoined();
      this.#applyOwn(options);
      // An error in a worker thread may be handled by the main thread, where else it becomes an uncaught one.
      if (isMainThread) this.#unhandledErrors.join(library, options.native);
    } else {
      filter.standForAll();
      const status = library.init(apiKey, toOptionsJson(this.control.withChoice(options.native)), options.limits);
      if (status < 0) {
        const error = handle.errorOf(status);
        if (library.stats() === null && hasBegun(library.flushBegin())) return false;
        throw error;
      }
      notices.reset();
      filter.restart();
      this.#run = { library, apiKey, options };
      this.context.requests.begin(library, options.handlers);
      this.control.onStarted(options.native);
      this.#unhandledErrors.begin(library, options.native);
    }
    poller.checkSession();
    poller.start();
    return true;
  }

  /** Waits for the end of another thread's recorder, and ends it where that thread does not: it may be gone. */
  async #endForeign(library: NativeLibrary): Promise<void> {
    const handle = library.flushBegin();
    await pollUntilDelivered(SHUTDOWN_MS, () => library.flushPoll(handle));
    await endWithin(library, SHUTDOWN_MS);
  }

  /** Waits for the remote configuration. This timer keeps the process alive: who awaits `init` must not lose it. */
  async #untilDecided(library: NativeLibrary): Promise<void> {
    while (parseJson<Stats>(library.stats())?.state === "waiting-for-remote-config") {
      this.context.requests.poll();
      await delay(CONFIG_POLL_MS);
    }
    this.context.poller.poll();
  }

  #end(timeoutMs: number): Promise<WaitStatus> {
    if (this.#ending === undefined) this.control.onEnd();
    this.#ending ??= (async () => {
      try {
        // What ends can delete nothing more.
        const deleted = this.control.whatIsDeleted;
        if (deleted) await isFulfilledWithin(timeoutMs + END_MS, deleted);
        return await endRecording(this.context, timeoutMs);
      } finally {
        this.#ending = undefined;
        this.#run = undefined;
        this.context.session.remember(undefined);
        this.context.poller.stop();
        this.context.requests.end();
      }
    })();
    if (this.#run) this.#run.shutdown = this.#ending;
    return (this.#lastShutdown = this.#ending);
  }
}
