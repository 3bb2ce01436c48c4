// The library as the rest of the package sees it, whichever FFI is behind it.

/** The packages that can call into the library. */
export type Backend = "koffi" | "ffi-napi";

/**
 * The functions of session_replay.h that Node needs. Numbers are `sr_status` where nothing else is said. Texts must
 * not hold NUL; what the library returned is copied and freed before a call returns.
 */
export interface NativeLibrary {
  readonly backend: Backend;
  /** The path, or the name that the system's loader was given. */
  readonly path: string;

  version(): string;
  init(apiKey: string, optionsJson: string, limits: EventLimits): number;
  setSessionId(sessionId: number): number;
  setSessionIdText(sessionId: string): number;
  setDeviceId(deviceId: string): number;
  setOptOut(optOut: boolean): number;
  /** Negative: a number or text that identifies no session. */
  getSessionId(): number | string;
  getSessionReplayId(): string | null;
  getSessionReplayProperties(): string | null;
  getPrivacyConfig(): string | null;
  segmentProcess(eventJson: string): string | null;
  /** `sessionId` 0, `deviceId` null: there is none. */
  segmentProcessFor(eventJson: string, sessionId: number, deviceId: string | null): string | null;
  stats(): string | null;
  takeLog(): string | null;
  /** Why the last call on this thread was refused. */
  lastError(): string;

  /** One event. `isOneLine`: it holds no line feed for sure. */
  record(event: string | Uint8Array, isOneLine: boolean): number;
  /** Hands over the events that a backend has gathered. */
  handOver(): void;
  /** Many events, one a line. */
  recordLines(lines: Uint8Array): LinesAnswer;
  /** Starts delivery of what is recorded. */
  startFlush(): number;
  /** Begins to deliver what is recorded, in haste: a name to ask with, or a negative number where nothing runs. */
  flushBegin(): FlushName;
  /** Whether all of that is delivered: Ok, Timeout (not yet) or NotInitialized (its recorder has ended). */
  flushPoll(flush: FlushName): number;
  /** Ends recording, and delivers as {@link flushBegin} does; {@link end} must follow. */
  shutdownBegin(): FlushName;
  /** Ends what {@link shutdownBegin} began, on another thread: some 200 ms at most. */
  end(): Promise<number>;
}

/** A 64-bit number, as the backend has it. */
export type FlushName = number | bigint | string;

/** What becomes of lines: how many were kept, and the news of the last, or why one was refused. */
export interface LinesAnswer {
  status: number;
  accepted: number;
}

/** And behind how many bytes it stopped: what follows was not looked at. */
export interface LinesProgress extends LinesAnswer {
  end: number;
}

/** What decides whether an event can be refused for what it is. */
export interface EventLimits {
  maxEventBytes: number;
  validateOnRecord: boolean;
}

/** Hears what became of events that a backend handed over later than it was given them. */
export interface DeferredAnswers {
  /** The newest news of the library: 0, 1 or 2. */
  news(status: number): void;
  /** One event was refused after `record` had returned. */
  refused(status: number, message: string): void;
}
