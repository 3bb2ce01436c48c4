// The library as the rest of the package sees it, whichever FFI package calls it.
import type { Backend, EventLimits } from "../model/backend.js";
import type { ApiKey, Branded, DeviceId, NumericSessionId, ReplayId, TextSessionId } from "../model/ids.js";
import type { Status } from "../model/shared/status.js";
import type { FrameValues, NodeValues, RequestValues, ViewInfoValues } from "./view-layout.js";

/**
 * The functions of session_replay.h that Node needs. Texts must not hold NUL; what the library returned is copied and
 * freed before a call returns.
 */
export interface NativeLibrary {
  readonly backend: Backend;
  /** The path, or the name that the system's loader was given. */
  readonly path: string;

  version(): string;
  init(apiKey: ApiKey, optionsJson: string, limits: EventLimits): Status;
  setSessionId(sessionId: NumericSessionId): Status;
  setSessionIdText(sessionId: TextSessionId): Status;
  setDeviceId(deviceId: DeviceId): Status;
  setOptOut(optOut: boolean): Status;
  pause(): Status;
  resume(): Status;
  /** On another thread: it reads and removes files. */
  deleteStored(): Promise<Status>;
  /** A text where JavaScript has no number for it. Negative: no session is set, or the session is a text. */
  getSessionId(): number | TextSessionId;
  getSessionReplayId(): ReplayId | null;
  /** `null`: there is none, and {@link lastError} says why. */
  getSessionReplayUrl(): string | null;
  getSessionReplayProperties(): string | null;
  getPrivacyConfig(): string | null;
  getPageConfig(): string | null;
  segmentProcess(eventJson: string): string | null;
  /** `sessionId` 0, `deviceId` null: there is none. */
  segmentProcessFor(eventJson: string, sessionId: NumericSessionId | 0, deviceId: DeviceId | null): string | null;
  stats(): string | null;
  takeLog(): string | null;
  /** The request that waits for the host to make it, as JSON. */
  takeRequest(): string | null;
  /** Fills this memory, which is as large as the request's body. Timeout: the request is over. */
  requestBody(id: number, body: Uint8Array): Status;
  /** `httpStatus` 0: there was no response, and `body` says why. Timeout: the request is over. */
  respond(id: number, httpStatus: number, headersJson: string | null, body: Uint8Array): Status;
  /** What may decide whether this session is captured: Ok (it is), NeedsFullSnapshot (it is now), NotCaptured. */
  evaluateTargeting(contextJson: string): Status;
  /** Why the last call on this thread was refused. */
  lastError(): string;

  /** One event. `isOneLine`: it certainly holds no line feed. */
  record(event: string | Uint8Array, isOneLine: boolean): Status;
  /** Hands over the events that a backend has gathered. */
  handOver(): void;
  /** Many events, one a line. */
  recordLines(lines: Uint8Array): LinesResult;
  isCapturing(): boolean;
  /** Whether the page in this view has to take a full snapshot; 0: whether any page has to. */
  wantsFullSnapshot(view: number): boolean;
  /** 0: conservative; 1: medium; 2: light. */
  maskLevel(): number;
  viewPlace(view: ViewInfoValues): Status;
  viewClose(view: number): Status;
  viewNodes(view: number, nodes: readonly NodeValues[]): Status;
  viewFrame(frame: FrameValues): Status;
  viewNextFrameMs(view: number): number;
  /** Events of the page in a view, one a line. */
  viewRecord(view: number, lines: Uint8Array): LinesResult;
  /** `timestampMs` 0: now. */
  viewPointer(view: number, kind: number, x: number, y: number, timestampMs: number): Status;
  viewKey(view: number, name: string, timestampMs: number): Status;
  recordCustom(tag: string, payloadJson: string): Status;
  recordInteraction(json: string): Status;
  captureNow(reason: string): Status;
  /** `level`: by sr_log_level. */
  recordLog(level: number, message: string): Status;
  recordRequest(request: RequestValues): Status;
  /** Starts delivery of what is recorded. */
  startFlush(): Status;
  /** Begins to deliver what is recorded, without back-off. */
  flushBegin(): FlushHandle;
  /** Whether all of that is delivered: Ok, Timeout (not yet) or NotInitialized (its recorder has ended). */
  flushPoll(flush: FlushHandle): Status;
  /** Ends recording, and delivers as {@link flushBegin} does; {@link end} must follow. */
  shutdownBegin(): FlushHandle;
  /** Ends what {@link shutdownBegin} began, on another thread, within about 200 ms. */
  end(): Promise<Status>;
}

/** A 64-bit number, as the backend has it. It is positive, or a negative status where nothing is being recorded. */
export type FlushHandle = Branded<number | bigint | string, "FlushHandle">;

/** Whether the flush has begun, so that it can be polled. */
export const hasBegun = (flush: FlushHandle): boolean => Number(flush) > 0;

/** What became of lines: how many were kept, and the status of the last, or why one was refused. */
export interface LinesResult {
  status: Status;
  accepted: number;
}

/** The same, and how many bytes were read. What follows them was not looked at. */
export interface LinesProgress extends LinesResult {
  end: number;
}

/** Receives what became of events that a backend handed over after `record` had returned. */
export interface DeferredResults {
  /** The library accepted events. Its status for the last of them: Ok, NeedsFullSnapshot or NotCaptured. */
  onStatus(status: Status): void;
  /** The library refused one event. */
  onRefused(status: Status, message: string): void;
}
