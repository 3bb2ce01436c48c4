// The error that a refusal becomes.
import { ERROR_NAMES, type Status } from "./shared/status.js";

/** What went wrong. */
export type ErrorStatus =
  | "not-initialized"
  | "invalid-argument"
  | "invalid-json"
  | "event-too-large"
  | "buffer-full"
  | "storage"
  | "forked"
  | "timeout"
  | "internal"
  /** The system refuses what the library needs: a thread. */
  | "resources"
  /** Neither koffi nor ffi-napi, or not the one that was asked for, can be loaded. */
  | "backend-not-found"
  /** The native library can't be found or loaded. */
  | "library-not-found"
  /** Another version of this package is loaded in this process, and this one can't use its recorder. */
  | "other-version"
  /** A page of Electron has loaded the main process's side of this package. */
  | "wrong-process";

/** Marks the errors of every copy of this package. */
const MARK = Symbol.for("session-replay-native.error");

/** A call that was refused: `status` for programs, `message` for people; it says what to do. */
export class SessionReplayError extends Error {
  override readonly name = "SessionReplayError";
  readonly status: ErrorStatus;
  /** Of `recordLines`: how many events were kept before the one that was refused. */
  readonly accepted: number | undefined;

  constructor(status: ErrorStatus, message: string, more: { cause?: unknown; accepted?: number | undefined } = {}) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.status = status;
    this.accepted = more.accepted;
  }

  /** @internal */
  get [MARK](): true {
    return true;
  }

  /**
   * True of the errors of another copy of this package, too, whose recorder this one may use.
   *
   * @internal
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class that extends this one has instances of its own.
    if (this !== SessionReplayError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && MARK in value;
  }

  /** @internal */
  static of(status: Status, message: string, accepted?: number): SessionReplayError {
    const names: Partial<Record<Status, ErrorStatus>> = ERROR_NAMES;
    return new SessionReplayError(names[status] ?? "internal", message || `the library answered ${status}`, { accepted });
  }
}

/** Refuses an argument. */
export const invalid = (message: string): SessionReplayError => new SessionReplayError("invalid-argument", message);

/** The sentence of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
