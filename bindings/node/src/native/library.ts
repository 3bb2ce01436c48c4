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
  /** Waits for delivery on another thread. */
  flush(timeoutMs: number): Promise<number>;
  /** Shuts down on another thread. */
  shutdown(timeoutMs: number): Promise<number>;
  /** Shuts down on this thread without waiting for delivery, and ends all waits. */
  shutdownNow(): number;
}

/** What becomes of lines: how many were kept, and the news of the last, or why one was refused. */
export interface LinesAnswer {
  status: number;
  accepted: number;
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
