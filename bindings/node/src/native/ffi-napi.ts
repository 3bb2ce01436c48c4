// The library through ffi-napi: a call costs about 28 µs, so events are handed over many at once.
//
// A pointer that the library returns is taken as a number and its text copied with the C library's own functions:
// ref-napi would wrap it in an external buffer. (ffi-napi itself wraps the library's handle and functions that way,
// which is why it can't run where V8 has its memory cage, as in Electron 21 and later.)
import type { EventLimits } from "../model/backend.js";
import type { ApiKey, DeviceId, NumericSessionId, ReplayId, TextSessionId } from "../model/ids.js";
import type { Status } from "../model/shared/status.js";
import { EventBatch } from "./event-batch.js";
import { frameMemory } from "./frame-bytes.js";
import type { DeferredResults, FlushHandle, LinesProgress, LinesResult, NativeLibrary } from "./library.js";
import { requestMemory } from "./request-bytes.js";
import { StructBytes } from "./struct-bytes.js";
import { NODE, VIEW_INFO, type FrameValues, type NodeValues, type RequestValues, type ViewInfoValues } from "./view-layout.js";

type Signature = [result: string, parameters: string[]];
type FfiFunction = ((...parameters: any[]) => any) & {
  async(...parameters: [...unknown[], (error: Error | null, status: Status) => void]): void;
};
/** What this file uses of ffi-napi. */
export interface Ffi {
  Library<Name extends string>(file: string | object | null, functions: Record<Name, Signature>): Record<Name, FfiFunction>;
  DynamicLibrary: { new (path: string, mode: number): object; FLAGS: { RTLD_NOW: number } };
}

const C_FUNCTIONS: Record<"strlen" | "memcpy", Signature> = {
  strlen: ["size_t", ["size_t"]],
  memcpy: ["size_t", ["pointer", "size_t", "size_t"]],
};

const SR_FUNCTIONS = {
  sr_string_free: ["void", ["size_t"]],
  sr_last_error: ["size_t", []],
  sr_version: ["size_t", []],
  sr_init: ["int32", ["string", "string"]],
  sr_set_session_id: ["int32", ["int64"]],
  sr_set_session_id_string: ["int32", ["string"]],
  sr_set_device_id: ["int32", ["string"]],
  sr_set_opt_out: ["int32", ["bool"]],
  sr_pause: ["int32", []],
  sr_resume: ["int32", []],
  sr_delete_stored: ["int32", []],
  sr_get_session_id: ["int64", []],
  sr_get_session_replay_id: ["size_t", []],
  sr_get_session_replay_url: ["size_t", []],
  sr_get_session_replay_properties: ["size_t", []],
  sr_get_privacy_config: ["size_t", []],
  sr_get_page_config: ["size_t", []],
  sr_segment_process: ["size_t", ["string"]],
  sr_segment_process_for: ["size_t", ["string", "int64", "string"]],
  sr_evaluate_targeting: ["int32", ["string"]],
  sr_stats: ["size_t", []],
  sr_take_log: ["size_t", []],
  sr_take_request: ["size_t", []],
  sr_request_body: ["int32", ["uint64", "pointer", "size_t"]],
  sr_respond: ["int32", ["uint64", "uint32", "string", "pointer", "size_t"]],
  sr_record: ["int32", ["pointer", "size_t"]],
  sr_record_lines_until: ["int32", ["pointer", "size_t", "pointer", "pointer"]],
  sr_is_capturing: ["bool", []],
  sr_wants_full_snapshot: ["bool", ["uint64"]],
  sr_mask_level: ["uint32", []],
  sr_view_place: ["int32", ["pointer"]],
  sr_view_close: ["int32", ["uint64"]],
  sr_view_nodes: ["int32", ["uint64", "pointer", "size_t"]],
  sr_view_frame: ["int32", ["pointer"]],
  sr_view_next_frame_ms: ["uint32", ["uint64"]],
  sr_view_record: ["int32", ["uint64", "pointer", "size_t", "pointer"]],
  sr_view_pointer: ["int32", ["uint64", "uint32", "double", "double", "int64"]],
  sr_view_key: ["int32", ["uint64", "string", "int64"]],
  sr_record_custom: ["int32", ["string", "string"]],
  sr_capture_now: ["int32", ["string"]],
  sr_record_interaction: ["int32", ["string"]],
  sr_record_log: ["int32", ["uint32", "string"]],
  sr_record_request: ["int32", ["pointer"]],
  sr_flush: ["int32", ["uint32"]],
  sr_flush_begin: ["int64", []],
  sr_flush_poll: ["int32", ["int64"]],
  sr_shutdown_begin: ["int64", []],
  sr_shutdown: ["int32", ["uint32"]],
} satisfies Record<string, Signature>;

const VIEW_BYTES = new StructBytes(VIEW_INFO);
const NODE_BYTES = new StructBytes(NODE);

export const isFfi = (loaded: Partial<Ffi> | null | undefined): boolean => typeof loaded?.Library === "function";

/** Loads the library at `path`; throws what ffi-napi throws. */
export const loadWithFfiNapi = (ffi: Ffi, path: string, deferred: DeferredResults): NativeLibrary =>
  new FfiNapiLibrary(ffi, path, deferred);

class FfiNapiLibrary implements NativeLibrary {
  readonly backend = "ffi-napi";
  readonly #c: Record<keyof typeof C_FUNCTIONS, FfiFunction>;
  readonly #sr: Record<keyof typeof SR_FUNCTIONS, FfiFunction>;
  readonly #batch: EventBatch;
  /** Where the library writes 64-bit numbers. */
  readonly #accepted = Buffer.alloc(8);
  readonly #end = Buffer.alloc(8);
  /** Kept from the garbage collector while C reads it. */
  readonly #held: unknown[] = [];

  constructor(
    ffi: Ffi,
    readonly path: string,
    deferred: DeferredResults,
  ) {
    this.#c = ffi.Library(process.platform === "win32" ? "msvcrt" : null, C_FUNCTIONS);
    // Given a path, it would put ".so" behind ".node".
    const file = new ffi.DynamicLibrary(path, ffi.DynamicLibrary.FLAGS.RTLD_NOW);
    this.#sr = ffi.Library(file, SR_FUNCTIONS as Record<keyof typeof SR_FUNCTIONS, Signature>);
    this.#batch = new EventBatch(
      (lines) => this.#recordLinesUntil(lines),
      () => this.lastError(),
      deferred,
    );
  }

  version(): string {
    return this.#textAt(this.#sr.sr_version());
  }

  init(apiKey: ApiKey, optionsJson: string, limits: EventLimits): Status {
    this.#batch.limit(limits);
    return this.#inOrder(() => this.#sr.sr_init(apiKey, optionsJson));
  }

  setSessionId(sessionId: NumericSessionId): Status {
    return this.#inOrder(() => this.#sr.sr_set_session_id(sessionId));
  }

  setSessionIdText(sessionId: TextSessionId): Status {
    return this.#inOrder(() => this.#sr.sr_set_session_id_string(sessionId));
  }

  setDeviceId(deviceId: DeviceId): Status {
    return this.#inOrder(() => this.#sr.sr_set_device_id(deviceId));
  }

  setOptOut(optOut: boolean): Status {
    return this.#inOrder(() => this.#sr.sr_set_opt_out(optOut));
  }

  pause(): Status {
    return this.#inOrder(() => this.#sr.sr_pause());
  }

  resume(): Status {
    return this.#inOrder(() => this.#sr.sr_resume());
  }

  deleteStored(): Promise<Status> {
    const call = () =>
      new Promise<Status>((resolve, reject) => {
        this.#sr.sr_delete_stored.async((error, status) => (error ? reject(error) : resolve(status)));
      });
    return this.#inOrder(call);
  }

  getSessionId(): number | TextSessionId {
    this.#batch.handOver();
    return this.#sr.sr_get_session_id();
  }

  getSessionReplayId(): ReplayId | null {
    return this.#owned(this.#sr.sr_get_session_replay_id) as ReplayId | null;
  }

  getSessionReplayUrl(): string | null {
    return this.#owned(this.#sr.sr_get_session_replay_url);
  }

  getSessionReplayProperties(): string | null {
    return this.#owned(this.#sr.sr_get_session_replay_properties);
  }

  getPrivacyConfig(): string | null {
    return this.#owned(this.#sr.sr_get_privacy_config);
  }

  getPageConfig(): string | null {
    return this.#owned(this.#sr.sr_get_page_config);
  }

  segmentProcess(eventJson: string): string | null {
    return this.#inOrder(() => this.#owned(this.#sr.sr_segment_process, eventJson));
  }

  segmentProcessFor(eventJson: string, sessionId: NumericSessionId | 0, deviceId: DeviceId | null): string | null {
    return this.#inOrder(() => this.#owned(this.#sr.sr_segment_process_for, eventJson, sessionId, deviceId));
  }

  stats(): string | null {
    return this.#owned(this.#sr.sr_stats);
  }

  takeLog(): string | null {
    return this.#owned(this.#sr.sr_take_log);
  }

  takeRequest(): string | null {
    return this.#owned(this.#sr.sr_take_request);
  }

  requestBody(id: number, body: Uint8Array): Status {
    return this.#sr.sr_request_body(id, asBuffer(body), body.byteLength);
  }

  respond(id: number, httpStatus: number, headersJson: string | null, body: Uint8Array): Status {
    return this.#sr.sr_respond(id, httpStatus, headersJson, asBuffer(body), body.byteLength);
  }

  lastError(): string {
    return this.#textAt(this.#sr.sr_last_error());
  }

  record(event: string | Uint8Array, isOneLine: boolean): Status {
    const expected = this.#batch.add(event, isOneLine);
    if (expected !== undefined) return expected;
    // An empty Buffer would become NULL.
    const bytes = typeof event === "string" ? Buffer.from(event || "\n") : asBuffer(event);
    this.#batch.handOver();
    return this.#batch.onStatus(this.#sr.sr_record(bytes, bytes.length));
  }

  handOver(): void {
    this.#batch.handOver();
  }

  recordLines(lines: Uint8Array): LinesResult {
    this.#batch.handOver();
    const result = this.#recordLinesUntil(lines);
    this.#batch.onStatus(result.status);
    return result;
  }

  isCapturing(): boolean {
    this.#batch.handOver();
    return this.#sr.sr_is_capturing();
  }

  wantsFullSnapshot(view: number): boolean {
    this.#batch.handOver();
    return this.#sr.sr_wants_full_snapshot(view);
  }

  maskLevel(): number {
    return this.#sr.sr_mask_level();
  }

  evaluateTargeting(contextJson: string): Status {
    return this.#inOrder(() => this.#sr.sr_evaluate_targeting(contextJson));
  }

  viewPlace(view: ViewInfoValues): Status {
    const bytes = VIEW_BYTES.of([view], this.#addressOf);
    return this.#inOrder(() => this.#sr.sr_view_place(bytes));
  }

  viewClose(view: number): Status {
    return this.#inOrder(() => this.#sr.sr_view_close(view));
  }

  viewNodes(view: number, nodes: readonly NodeValues[]): Status {
    const bytes = NODE_BYTES.of(nodes, this.#addressOf);
    return this.#inOrder(() => this.#sr.sr_view_nodes(view, bytes, nodes.length));
  }

  viewFrame(frame: FrameValues): Status {
    const memory = frameMemory(frame, asBuffer(frame.pixels), this.#addressOf);
    return this.#holding(memory, () => this.#sr.sr_view_frame(memory.frame));
  }

  viewNextFrameMs(view: number): number {
    this.#batch.handOver();
    return this.#sr.sr_view_next_frame_ms(view);
  }

  viewRecord(view: number, lines: Uint8Array): LinesResult {
    this.#accepted.fill(0);
    const bytes = asBuffer(lines);
    const status: Status = this.#inOrder(() => this.#sr.sr_view_record(view, bytes, bytes.length, this.#accepted));
    return { status, accepted: Number(this.#accepted.readBigUInt64LE()) };
  }

  viewPointer(view: number, kind: number, x: number, y: number, timestampMs: number): Status {
    return this.#inOrder(() => this.#sr.sr_view_pointer(view, kind, x, y, timestampMs));
  }

  viewKey(view: number, name: string, timestampMs: number): Status {
    return this.#inOrder(() => this.#sr.sr_view_key(view, name, timestampMs));
  }

  recordCustom(tag: string, payloadJson: string): Status {
    return this.#inOrder(() => this.#sr.sr_record_custom(tag, payloadJson));
  }

  captureNow(reason: string): Status {
    return this.#inOrder(() => this.#sr.sr_capture_now(reason));
  }

  recordInteraction(json: string): Status {
    return this.#sr.sr_record_interaction(json);
  }

  recordLog(level: number, message: string): Status {
    return this.#inOrder(() => this.#sr.sr_record_log(level, message));
  }

  recordRequest(request: RequestValues): Status {
    const memory = requestMemory(request, this.#addressOf);
    return this.#holding(memory, () => this.#sr.sr_record_request(memory.request));
  }

  startFlush(): Status {
    this.#batch.handOver();
    return this.#sr.sr_flush(0);
  }

  flushBegin(): FlushHandle {
    this.#batch.handOver();
    return this.#sr.sr_flush_begin();
  }

  flushPoll(flush: FlushHandle): Status {
    return this.#sr.sr_flush_poll(flush);
  }

  shutdownBegin(): FlushHandle {
    return this.#inOrder(() => this.#sr.sr_shutdown_begin());
  }

  end(): Promise<Status> {
    return new Promise((resolve, reject) => {
      this.#sr.sr_shutdown.async(0, (error, status) => (error ? reject(error) : resolve(status)));
    });
  }

  /** A call that changes something: the events that were recorded before it are handed over before it. */
  #inOrder<Result>(call: () => Result): Result {
    this.#batch.handOver();
    this.#batch.forgetStatus();
    return call();
  }

  /** The same with memory that C follows a pointer to. */
  #holding<Result>(memory: unknown, call: () => Result): Result {
    this.#held.push(memory);
    try {
      return this.#inOrder(call);
    } finally {
      this.#held.length = 0;
    }
  }

  /** Calls a function whose text the caller has to free: it is copied, and freed at once. */
  #owned(call: FfiFunction, ...parameters: (string | number | null)[]): string | null {
    this.#batch.handOver();
    const address: number | string = call(...parameters);
    if (Number(address) === 0) return null;
    const text = this.#textAt(address);
    this.#sr.sr_string_free(address);
    return text;
  }

  /** memcpy returns where it copied to: here the first byte onto itself. */
  readonly #addressOf = (bytes: Buffer): bigint => BigInt(this.#c.memcpy(bytes, this.#c.memcpy(bytes, 0, 0), 0));

  #textAt(address: number | string): string {
    const bytes = Buffer.alloc(Number(this.#c.strlen(address)));
    if (bytes.length > 0) this.#c.memcpy(bytes, address, bytes.length);
    return bytes.toString("utf8");
  }

  #recordLinesUntil(lines: Uint8Array): LinesProgress {
    this.#accepted.fill(0);
    this.#end.fill(0);
    const buffer = asBuffer(lines);
    const status: Status = this.#sr.sr_record_lines_until(buffer, lines.byteLength, this.#accepted, this.#end);
    return { status, accepted: Number(this.#accepted.readBigUInt64LE()), end: Number(this.#end.readBigUInt64LE()) };
  }
}

/** ffi-napi takes Buffers only. This one shares the memory. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
