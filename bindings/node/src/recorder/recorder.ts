// The recorder as this thread of JavaScript sees it: beginning and end, recording, ids.
//
// The native recorder is one for the whole process. So nothing here decides from memory whether it is running: the
// library is asked, and a recorder that another thread, or another copy of this package, started is joined.
import { setTimeout as delay } from "node:timers/promises";
import { Asking } from "./snapshot-requester.js";
import { toBytes, toJson } from "../model/rrweb-event.js";
import { Events } from "../model/events.js";
import { checkSessionId, checkText, isNone, readSessionId, type Followed, type ToldByAnalytics } from "../model/ids.js";
import type { NativeLibrary } from "../native/library.js";
import { load } from "../native/load.js";
import type { PageOptions, PrivacyConfig, SessionReplayOptions, SortedOptions } from "../options/options.js";
import { loggerOf, sort, startsTheSame, toOptionsJson } from "../options/options.js";
import type { Stats } from "../model/stats.js";
import { SessionReplayError, Status, invalid, type RecordStatus, type WaitStatus } from "../model/status.js";
import { milliseconds, settled, settles } from "./flush-waiter.js";
import { Watch } from "./log-poller.js";

const FLUSH_MS = 10_000;
const SHUTDOWN_MS = 5_000;
/** How often the remote configuration is looked for while `init` waits: it comes, or is given up, within seconds. */
const DECISION_POLL_MS = 20;

const MAX_WARNINGS = 200;

export class Recorder {
  readonly events = new Events();
  readonly watch = new Watch(
    this.events,
    () => this.#library,
    () => this.sessionId,
  );
  readonly #asking = new Asking(
    () => this.#library?.handOver(),
    () => this.events.emit("needs-full-snapshot"),
  );
  #library: NativeLibrary | undefined;
  #loadFailure: SessionReplayError | undefined;
  /** What this thread started the recorder with, to know it again. */
  #started: { apiKey: string; options: SortedOptions } | undefined;
  #ending: Promise<WaitStatus> | undefined;
  /** The newest shutdown of this recorder: it answers for waits that it cut short. */
  #ended: Promise<WaitStatus> | undefined;
  /** The same, of each recorder that this thread has started. */
  readonly #endings = new WeakMap<object, Promise<WaitStatus>>();
  /** Calls of init and shutdown: a call that had to wait gives way to a newer one. */
  #calls = 0;
  #newest: Promise<unknown> = Promise.resolve();
  /** The text that was set last: without a device the library names no session that is a text. */
  #textSession: string | undefined;
  /** Calls at the wrong time of which the log has told. */
  readonly #told = new Set<string>();
  /** Warnings that the log has, whichever recorder they were about. */
  readonly #warned = new Set<string>();
  #optedOut = false;
  #stopped = false;

  /** Starts recording, or changes how it is done; settles when it is decided whether this session is captured. */
  init(apiKey: string, options?: SessionReplayOptions): Promise<void> {
    const call = ++this.#calls;
    const result = this.#init(call, apiKey, options);
    this.#newest = result;
    return result;
  }

  /** All is done when this returns, except where a recorder is ending, or has to. */
  async #init(call: number, apiKey: string, options: SessionReplayOptions | undefined): Promise<void> {
    // Where nothing has begun, this host's logger is the one to tell why nothing begins.
    if (this.#started === undefined) this.events.logger = loggerOf(options) ?? this.events.logger;
    const sorted = sort(options);
    checkText("the API key", apiKey);
    const library = load(sorted.load, this);
    if (this.#ending === undefined && this.#isOther(library, apiKey, sorted)) {
      // What a storageDir holds is found there by the next recorder; what memory holds has to be sent first.
      void this.#end(this.#started?.options.native["storageDir"] === undefined ? SHUTDOWN_MS : 0);
    }
    if (this.#ending !== undefined) {
      const status = await this.#ending.catch(() => "timeout");
      if (status === "timeout") this.events.log("warn", "init: the recorder before could not send all it had in time");
      // Meanwhile the host has called init or shutdown again: the newest call counts.
      if (call !== this.#calls) return void (await this.#newest);
    }
    if (this.#started !== undefined && library.stats() !== null) this.#adoptIds(sorted);
    else if (!this.#begin(library, apiKey, sorted)) {
      await this.#untilEnded(library);
      if (call !== this.#calls) return void (await this.#newest);
      this.#begin(library, apiKey, sorted);
    }
    if (!["none", "error"].includes(String(sorted.native["logLevel"]))) sorted.warnings.forEach((it) => this.#warn(it));
    await this.#decided(library);
  }

  /** Another recorder is running than the one that is wanted. */
  #isOther(library: NativeLibrary, apiKey: string, options: SortedOptions): boolean {
    if (this.#started === undefined || this.#library?.stats() == null) return false;
    const { apiKey: before, options: optionsBefore } = this.#started;
    return library !== this.#library || before !== apiKey || !startsTheSame(optionsBefore, options);
  }

  /** False: a recorder of another thread is still ending. */
  #begin(library: NativeLibrary, apiKey: string, options: SortedOptions): boolean {
    this.#library = library;
    this.#stopped = false;
    this.#told.clear();
    this.#ended = undefined;
    this.events.logger = options.logger;
    // The first call makes the library keep what it has to say.
    this.watch.look();
    if (library.stats() !== null) {
      this.events.log("warn", "init: this process is recording already; that recorder is joined, with its own options");
      this.#adoptIds(options);
    } else {
      const status = library.init(apiKey, toOptionsJson(options.native), options.limits);
      if (status < 0) {
        const error = this.#errorOf(status);
        if (library.stats() === null && Number(library.flushBegin()) > 0) return false;
        throw error;
      }
      this.#started = { apiKey, options };
      this.#optedOut = options.native["optOut"] === true;
      this.#rememberText(options.native["sessionId"]);
    }
    this.watch.noticeSession();
    this.watch.start();
    return true;
  }

  /** Waits for the end of another thread's recorder; ends it where that thread does not: it may be gone. */
  async #untilEnded(library: NativeLibrary): Promise<void> {
    const flush = library.flushBegin();
    await settled(SHUTDOWN_MS, () => library.flushPoll(flush));
    await library.end();
  }

  /** Waits for the remote configuration. This timer holds the process: an `await` of `init` must not end it. */
  async #decided(library: NativeLibrary): Promise<void> {
    while (parse<Stats>(library.stats())?.state === "waiting-for-remote-config") await delay(DECISION_POLL_MS);
    this.watch.look();
  }

  /** `true` and `false` are what the browser SDK's `flush` takes; they change nothing here. */
  async flush(timeoutMs: number | boolean = FLUSH_MS): Promise<WaitStatus> {
    const time = milliseconds(typeof timeoutMs === "boolean" ? FLUSH_MS : timeoutMs);
    if (time === undefined) throw invalid(`flush takes a time in milliseconds, not ${String(timeoutMs)}`);
    const library = this.#attach();
    const started = this.#started;
    if (library !== undefined && time === 0 && library.startFlush() >= 0) return "ok";
    let status: number = Status.NotInitialized;
    const flush = library?.flushBegin() ?? -1;
    if (library !== undefined && Number(flush) > 0) {
      status = await settled(time, () => library.flushPoll(flush));
    }
    // A shutdown has taken over: what became of the events is its answer. That of another thread is not known.
    const ended = (started && this.#endings.get(started)) ?? this.#ended;
    if (status === Status.NotInitialized && ended === undefined && Number(flush) > 0) return "timeout";
    if (status !== Status.NotInitialized || ended === undefined) return this.#waited("flush", status);
    return (await settles(ended, time)) ? ended : "timeout";
  }

  async shutdown(timeoutMs: number = SHUTDOWN_MS): Promise<WaitStatus> {
    const time = milliseconds(timeoutMs);
    if (time === undefined) throw invalid(`shutdown takes a time in milliseconds, not ${String(timeoutMs)}`);
    this.#calls++;
    const result = this.#end(time);
    this.#newest = result;
    return result;
  }

  #end(timeoutMs: number): Promise<WaitStatus> {
    this.#ending ??= (async () => {
      const library = this.#attach();
      const flush = library?.shutdownBegin() ?? -1;
      try {
        if (library === undefined || Number(flush) <= 0) return this.#waited("shutdown", await Status.NotInitialized);
        await settled(timeoutMs, () => library.flushPoll(flush));
        return this.#waited("shutdown", await library.end());
      } finally {
        this.#ending = undefined;
        this.#started = undefined;
        this.#textSession = undefined;
        this.watch.stop();
      }
    })();
    if (this.#started) this.#endings.set(this.#started, this.#ending);
    return (this.#ended = this.#ending);
  }

  #waited(call: string, status: number): WaitStatus {
    this.watch.look();
    if (status === Status.Timeout) return "timeout";
    if (status === Status.NotInitialized) this.#sayNotInitialized(call);
    // The library's sentence stayed on the thread that waited.
    else if (status < 0) throw SessionReplayError.of(status, `${call} was answered with ${status}`);
    return "ok";
  }

  record(event: unknown): RecordStatus {
    const library = this.#library ?? this.#attach();
    if (library === undefined) return this.#outcome(Status.NotInitialized);
    if (typeof event === "string") return this.#outcome(library.record(event, false));
    const bytes = toBytes(event);
    return this.#outcome(bytes ? library.record(bytes, false) : library.record(toJson(event), true));
  }

  #outcome(status: number): RecordStatus {
    if (status < 0 && status !== Status.NotInitialized) throw this.#errorOf(status);
    if (status === Status.NotInitialized) this.#sayNotInitialized("record");
    else this.#asking.heard(status);
    if (status === Status.NeedsFullSnapshot) return "needs-full-snapshot";
    return status === Status.Ok || status === Status.NotStored ? "ok" : "not-captured";
  }

  recordLines(lines: string | Uint8Array): number {
    const bytes = toBytes(typeof lines === "string" ? Buffer.from(lines) : lines);
    if (bytes === undefined) throw invalid("recordLines takes a text, or its bytes: one event's JSON a line");
    const { status, accepted } = this.#attach()?.recordLines(bytes) ?? { status: Status.NotInitialized, accepted: 0 };
    if (status === Status.NotInitialized) this.#sayNotInitialized("recordLines");
    else if (status < 0) throw this.#errorOf(status, accepted);
    else this.#asking.heard(status);
    return accepted;
  }

  /** Of a backend that hands events over later than it was given them: the library's answer to the last. */
  news(status: number): void {
    this.#asking.heard(status);
  }

  /** Of such a backend: one event was refused. */
  refused(status: number, message: string): void {
    if (status === Status.NotInitialized) this.#sayNotInitialized("record");
    else this.events.log("error", `an event was refused after record() had returned: ${message}`);
  }

  setSessionId(sessionId: number | string, deviceId?: string | null): void {
    if (!isNone(deviceId)) this.setDeviceId(deviceId as string);
    if (typeof sessionId !== "string" && typeof sessionId !== "bigint" && typeof sessionId !== "number") {
      if (!isNone(sessionId)) checkSessionId(sessionId);
    }
    const id = readSessionId(sessionId, (what) => this.#warn(`setSessionId: the session id ${what}`));
    if (id === undefined) return this.events.log("debug", "setSessionId: no session id yet; nothing changes");
    checkSessionId(id);
    this.#change("setSessionId", (library) => {
      const status = typeof id === "string" ? library.setSessionIdText(id) : library.setSessionId(id);
      if (status >= 0) this.#rememberText(id);
      return status;
    });
  }

  setDeviceId(deviceId: string): void {
    checkText("the device id", deviceId);
    this.#change("setDeviceId", (library) => library.setDeviceId(deviceId));
  }

  setOptOut(optOut: boolean): void {
    this.#optedOut = Boolean(optOut);
    this.#change("setOptOut", (library) => library.setOptOut(this.#optedOut || this.#stopped));
  }

  /** Stops recording until it is started again; the user's own wish stands beside it. */
  setStopped(isStopped: boolean): void {
    this.#stopped = isStopped;
    this.#change(isStopped ? "stop" : "start", (library) => library.setOptOut(this.#optedOut || this.#stopped));
  }

  #change(call: string, change: (library: NativeLibrary) => number): void {
    const library = this.#attach();
    const status = library ? change(library) : Status.NotInitialized;
    if (status === Status.NotInitialized) return this.#sayNotInitialized(call);
    if (status < 0) throw this.#errorOf(status);
    // 0: nothing changed, and what was asked for is asked for still.
    if (status !== Status.Ok) this.#asking.heardOfChange(status);
    this.watch.noticeSession();
  }

  #adoptIds({ native: { deviceId, sessionId } }: SortedOptions): void {
    if (deviceId !== undefined) this.setDeviceId(deviceId as string);
    if (sessionId !== undefined) this.setSessionId(sessionId as string | number);
  }

  #rememberText(sessionId: unknown): void {
    this.#textSession = typeof sessionId === "string" ? sessionId : undefined;
  }

  get sessionId(): number | string | undefined {
    const library = this.#attach();
    const id = library?.getSessionId();
    if (library === undefined || id === undefined || typeof id === "string" || id >= 0) return id;
    // A text: the part of "<device>/<session>" that follows the slash, which no device id may hold.
    const replay = library.getSessionReplayId();
    return replay === null ? this.#textSession : replay.slice(replay.indexOf("/") + 1);
  }

  get replayId(): string | undefined {
    return this.#attach()?.getSessionReplayId() ?? undefined;
  }

  get properties(): { [key: string]: string } {
    return parse(this.#attach()?.getSessionReplayProperties()) ?? {};
  }

  get privacyConfig(): PrivacyConfig {
    return parse(this.#attach()?.getPrivacyConfig()) ?? {};
  }

  /** `told`: what the analytics are in, where the caller knows better than the event. */
  processSegmentEvent(event: string, told?: ToldByAnalytics): string {
    checkText("the event for Segment", event);
    const library = this.#attach();
    if (library?.stats() == null) {
      this.#sayNotInitialized("processSegmentEvent");
      return event;
    }
    return this.#follow(library, event, told && idsIn(told));
  }

  /** The library has the rules: it looks at the session and the device, changes them and answers in one step. */
  followAnalytics(told: ToldByAnalytics): Followed {
    if (typeof told !== "object" || told === null) throw invalid("followAnalytics takes { sessionId, deviceId }");
    const ids = idsIn(told);
    const library = this.#attach();
    if (library?.stats() == null) {
      this.#sayNotInitialized("followAnalytics");
      return { sessionId: undefined, properties: {} };
    }
    const { properties = {}, integrations } = parse<Answered>(this.#follow(library, '{"type":"track"}', ids)) ?? {};
    return { sessionId: integrations?.Amplitude.session_id ?? this.sessionId, properties };
  }

  #follow(library: NativeLibrary, event: string, ids?: { sessionId: number; deviceId: string | null }): string {
    const before = library.getSessionReplayId();
    const processed = ids
      ? library.segmentProcessFor(event, ids.sessionId, ids.deviceId)
      : library.segmentProcess(event);
    if (processed === null) throw new SessionReplayError("invalid-json", library.lastError());
    // The library's answer is the event. A replay that begins needs a full snapshot, as after setSessionId.
    const state = library.getSessionReplayId() === before ? undefined : parse<Stats>(library.stats())?.state;
    if (state === "capturing" || state === "waiting-for-remote-config") {
      this.#asking.heardOfChange(Status.NeedsFullSnapshot);
    }
    this.watch.noticeSession();
    return processed;
  }

  get stats(): Stats | undefined {
    return parse(this.#attach()?.stats());
  }

  /** The options that only a recorder inside a page heeds. */
  get pageOptions(): PageOptions {
    return this.#started?.options.page ?? {};
  }

  /** The library: this thread may use a recorder that another one started. */
  #attach(): NativeLibrary | undefined {
    if (this.#library !== undefined || this.#loadFailure !== undefined) return this.#library;
    try {
      this.#library = load({}, this);
    } catch (error) {
      this.#loadFailure = error as SessionReplayError;
    }
    return this.#library;
  }

  #errorOf(status: number, accepted?: number): SessionReplayError {
    return SessionReplayError.of(status, this.#library?.lastError() ?? "", accepted);
  }

  /** Once: what is not done as the host asked, and does no harm. */
  #warn(warning: string): void {
    if (this.#warned.has(warning) || this.#warned.size >= MAX_WARNINGS) return;
    this.#warned.add(warning);
    this.events.log("warn", warning);
  }

  /** As in the browser SDK, a call at the wrong time harms nobody, and the log tells of it. */
  #sayNotInitialized(call: string): void {
    if (this.#told.has(call)) return;
    this.#told.add(call);
    const reason = this.#loadFailure === undefined ? "call init first" : this.#loadFailure.message;
    this.events.log("warn", `${call}: nothing is being recorded: ${reason}`);
  }
}

/** What the library adds to an event that holds nothing. */
interface Answered {
  properties?: { [key: string]: string };
  integrations?: { Amplitude: { session_id: number } };
}

/** As the library takes them; throws for what can't be meant. */
function idsIn(told: ToldByAnalytics): { sessionId: number; deviceId: string | null } {
  const deviceId = isNone(told.deviceId) ? null : told.deviceId;
  const sessionId = isNone(told.sessionId) ? 0 : (told.sessionId as number);
  if (deviceId !== null) checkText("the device id", deviceId);
  if (sessionId !== 0) checkSessionId(sessionId);
  return { sessionId, deviceId };
}

const parse = <T>(json: string | null | undefined): T | undefined =>
  json == null ? undefined : (JSON.parse(json) as T);
