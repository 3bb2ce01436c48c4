// The library through koffi: each event is one call, of about 100 ns.
import type { TextSessionId } from "../model/ids.js";
import type { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "./library.js";

/** What this file uses of koffi. */
interface Koffi {
  load(path: string): { func(name: string, result: unknown, parameters: unknown[]): KoffiFunction };
  disposable(type: string, free: (pointer: unknown) => void): unknown;
}

interface KoffiFunction {
  (...parameters: unknown[]): any;
  async(...parameters: [...unknown[], (error: Error | null, status: Status) => void]): void;
}

/** Loads the library at `path`; throws what koffi throws. */
export function loadWithKoffi(path: string): NativeLibrary {
  const koffi = require("koffi") as Koffi;
  const library = koffi.load(path);

  const free = library.func("sr_string_free", "void", ["void *"]);
  // Copied into a JavaScript string, and given back to the library at once.
  const owned = koffi.disposable("char *", free);

  const lastError = library.func("sr_last_error", "const char *", []);
  const version = library.func("sr_version", "const char *", []);
  const init = library.func("sr_init", "int32_t", ["const char *", "const char *"]);
  const setSessionId = library.func("sr_set_session_id", "int32_t", ["int64_t"]);
  const setSessionIdText = library.func("sr_set_session_id_string", "int32_t", ["const char *"]);
  const setDeviceId = library.func("sr_set_device_id", "int32_t", ["const char *"]);
  const setOptOut = library.func("sr_set_opt_out", "int32_t", ["bool"]);
  const getSessionId = library.func("sr_get_session_id", "int64_t", []);
  const getSessionReplayId = library.func("sr_get_session_replay_id", owned, []);
  const getProperties = library.func("sr_get_session_replay_properties", owned, []);
  const getPrivacyConfig = library.func("sr_get_privacy_config", owned, []);
  const segmentProcess = library.func("sr_segment_process", owned, ["const char *"]);
  const segmentProcessFor = library.func("sr_segment_process_for", owned, ["const char *", "int64_t", "const char *"]);
  const stats = library.func("sr_stats", owned, []);
  const takeLog = library.func("sr_take_log", owned, []);
  const recordText = library.func("sr_record", "int32_t", ["const char *", "size_t"]);
  const recordBytes = library.func("sr_record", "int32_t", ["const void *", "size_t"]);
  const recordLines = library.func("sr_record_lines", "int32_t", ["const void *", "size_t", "void *"]);
  const flush = library.func("sr_flush", "int32_t", ["uint32_t"]);
  const flushBegin = library.func("sr_flush_begin", "int64_t", []);
  const flushPoll = library.func("sr_flush_poll", "int32_t", ["int64_t"]);
  const shutdownBegin = library.func("sr_shutdown_begin", "int64_t", []);
  const shutdown = library.func("sr_shutdown", "int32_t", ["uint32_t"]);

  const accepted = new BigUint64Array(1);

  return {
    backend: "koffi",
    path,
    version: () => version(),
    init: (apiKey, options) => init(apiKey, options),
    setSessionId: (id) => setSessionId(id),
    setSessionIdText: (id) => setSessionIdText(id),
    setDeviceId: (id) => setDeviceId(id),
    setOptOut: (optOut) => setOptOut(optOut),
    getSessionId: () => {
      const id: number | bigint = getSessionId();
      return typeof id === "bigint" ? (id.toString() as TextSessionId) : id;
    },
    getSessionReplayId: () => getSessionReplayId(),
    getSessionReplayProperties: () => getProperties(),
    getPrivacyConfig: () => getPrivacyConfig(),
    segmentProcess: (event) => segmentProcess(event),
    segmentProcessFor: (event, sessionId, deviceId) => segmentProcessFor(event, sessionId, deviceId),
    stats: () => stats(),
    takeLog: () => takeLog(),
    lastError: () => lastError(),
    record: (event) =>
      typeof event === "string" ? recordText(event, Buffer.byteLength(event)) : recordBytes(event, event.byteLength),
    handOver: () => {},
    recordLines: (lines) => {
      accepted[0] = 0n;
      const status: Status = recordLines(lines, lines.byteLength, accepted);
      return { status, accepted: Number(accepted[0]) };
    },
    startFlush: () => flush(0),
    flushBegin: () => flushBegin(),
    flushPoll: (flush) => flushPoll(flush),
    shutdownBegin: () => shutdownBegin(),
    end: () =>
      new Promise((resolve, reject) => {
        shutdown.async(0, (error, status) => (error ? reject(error) : resolve(status)));
      }),
  };
}
