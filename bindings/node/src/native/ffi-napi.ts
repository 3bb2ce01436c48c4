// The library through ffi-napi: a call costs about 28 µs, so events are handed over many at once.
//
// A pointer that the library returns is taken as a number and its text copied with the C library's own functions:
// ref-napi would wrap it in an external buffer. (ffi-napi itself wraps the library's handle and functions that way,
// which is why it can't run where V8 has its memory cage, as in Electron 21 and later.)
import type { ReplayId } from "../model/ids.js";
import type { Status } from "../model/shared/status.js";
import { EventBatch } from "./event-batch.js";
import type { DeferredResults, NativeLibrary } from "./library.js";

type Signature = [result: string, parameters: string[]];
type FfiFunction = ((...parameters: any[]) => any) & {
  async(...parameters: [...unknown[], (error: Error | null, status: Status) => void]): void;
};
/** What this file uses of ffi-napi. */
interface Ffi {
  Library<Name extends string>(path: string | null, functions: Record<Name, Signature>): Record<Name, FfiFunction>;
}

/** Loads the library at `path`; throws what ffi-napi throws. */
export function loadWithFfiNapi(path: string, deferred: DeferredResults): NativeLibrary {
  const ffi = require("ffi-napi") as Ffi;
  const c = ffi.Library(process.platform === "win32" ? "msvcrt" : null, {
    strlen: ["size_t", ["size_t"]],
    memcpy: ["size_t", ["pointer", "size_t", "size_t"]],
  });
  const sr = ffi.Library(path, {
    sr_string_free: ["void", ["size_t"]],
    sr_last_error: ["size_t", []],
    sr_version: ["size_t", []],
    sr_init: ["int32", ["string", "string"]],
    sr_set_session_id: ["int32", ["int64"]],
    sr_set_session_id_string: ["int32", ["string"]],
    sr_set_device_id: ["int32", ["string"]],
    sr_set_opt_out: ["int32", ["bool"]],
    sr_get_session_id: ["int64", []],
    sr_get_session_replay_id: ["size_t", []],
    sr_get_session_replay_properties: ["size_t", []],
    sr_get_privacy_config: ["size_t", []],
    sr_segment_process: ["size_t", ["string"]],
    sr_segment_process_for: ["size_t", ["string", "int64", "string"]],
    sr_stats: ["size_t", []],
    sr_take_log: ["size_t", []],
    sr_record: ["int32", ["pointer", "size_t"]],
    sr_record_lines_until: ["int32", ["pointer", "size_t", "pointer", "pointer"]],
    sr_flush: ["int32", ["uint32"]],
    sr_flush_begin: ["int64", []],
    sr_flush_poll: ["int32", ["int64"]],
    sr_shutdown_begin: ["int64", []],
    sr_shutdown: ["int32", ["uint32"]],
  });

  const textAt = (address: number | string): string => {
    const bytes = Buffer.alloc(Number(c.strlen(address)));
    if (bytes.length > 0) c.memcpy(bytes, address, bytes.length);
    return bytes.toString("utf8");
  };
  /** A text that the caller has to free: it is copied, and freed at once. */
  const owned = (call: FfiFunction, ...parameters: (string | number | null)[]): string | null => {
    batch.handOver();
    const address: number | string = call(...parameters);
    if (Number(address) === 0) return null;
    const text = textAt(address);
    sr.sr_string_free(address);
    return text;
  };
  const lastError = (): string => textAt(sr.sr_last_error());

  const [accepted, end] = [Buffer.alloc(8), Buffer.alloc(8)];
  const recordLines = (lines: Uint8Array) => {
    accepted.fill(0);
    end.fill(0);
    const status: Status = sr.sr_record_lines_until(asBuffer(lines), lines.byteLength, accepted, end);
    return { status, accepted: Number(accepted.readBigUInt64LE()), end: Number(end.readBigUInt64LE()) };
  };
  const batch = new EventBatch(recordLines, lastError, deferred);
  /** A call that changes something: the events that were recorded before it are handed over before it. */
  const inOrder = <Result>(call: () => Result): Result => {
    batch.handOver();
    batch.forgetStatus();
    return call();
  };
  return {
    backend: "ffi-napi",
    path,
    version: () => textAt(sr.sr_version()),
    init: (apiKey, options, limits) => {
      batch.limit(limits);
      return inOrder(() => sr.sr_init(apiKey, options));
    },
    setSessionId: (id) => inOrder(() => sr.sr_set_session_id(id)),
    setSessionIdText: (id) => inOrder(() => sr.sr_set_session_id_string(id)),
    setDeviceId: (id) => inOrder(() => sr.sr_set_device_id(id)),
    setOptOut: (optOut) => inOrder(() => sr.sr_set_opt_out(optOut)),
    getSessionId: () => {
      batch.handOver();
      return sr.sr_get_session_id();
    },
    getSessionReplayId: () => owned(sr.sr_get_session_replay_id) as ReplayId | null,
    getSessionReplayProperties: () => owned(sr.sr_get_session_replay_properties),
    getPrivacyConfig: () => owned(sr.sr_get_privacy_config),
    segmentProcess: (event) => inOrder(() => owned(sr.sr_segment_process, event)),
    segmentProcessFor: (event, sessionId, deviceId) =>
      inOrder(() => owned(sr.sr_segment_process_for, event, sessionId, deviceId)),
    stats: () => owned(sr.sr_stats),
    takeLog: () => owned(sr.sr_take_log),
    lastError,
    record: (event, isOneLine) => {
      const expected = batch.add(event, isOneLine);
      if (expected !== undefined) return expected;
      // An empty Buffer would become NULL.
      const bytes = typeof event === "string" ? Buffer.from(event || "\n") : asBuffer(event);
      batch.handOver();
      return batch.onStatus(sr.sr_record(bytes, bytes.length));
    },
    handOver: () => batch.handOver(),
    recordLines: (lines) => {
      batch.handOver();
      const result = recordLines(lines);
      batch.onStatus(result.status);
      return result;
    },
    startFlush: () => {
      batch.handOver();
      return sr.sr_flush(0);
    },
    flushBegin: () => {
      batch.handOver();
      return sr.sr_flush_begin();
    },
    flushPoll: (flush) => sr.sr_flush_poll(flush),
    shutdownBegin: () => inOrder(() => sr.sr_shutdown_begin()),
    end: () =>
      new Promise((resolve, reject) => {
        sr.sr_shutdown.async(0, (error, status) => (error ? reject(error) : resolve(status)));
      }),
  };
}

/** ffi-napi takes Buffers only. This one shares the memory. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
