// The library through koffi: each event is one call, of about 100 ns.
import type { TextSessionId } from "../model/ids.js";
import type { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "./library.js";
import { FRAME, MASK, NODE, RECT, REQUEST, VIEW_INFO, type CType, type Layout } from "./view-layout.js";

/** What this file uses of koffi. */
export interface Koffi {
  load(path: string): { func(name: string, result: unknown, parameters: unknown[]): KoffiFunction };
  disposable(type: string, free: (pointer: unknown) => void): unknown;
  struct(members: Record<string, unknown>): unknown;
  pointer(type: unknown): unknown;
}

interface KoffiFunction {
  (...parameters: unknown[]): any;
  async(...parameters: [...unknown[], (error: Error | null, status: Status) => void]): void;
}

const TYPES: Record<CType, string> = {
  uint32: "uint32_t",
  int32: "int32_t",
  uint64: "uint64_t",
  int64: "int64_t",
  float: "float",
  double: "double",
  text: "const char *",
  pointer: "const void *",
};

/**
 * A struct without a name, since names are koffi's, which other copies of this package may use, too. `pointers`: what its
 * pointers lead to, where that is no bytes.
 */
export const structOf = (koffi: Koffi, layout: Layout, pointers: Record<string, unknown> = {}): unknown =>
  koffi.struct(Object.fromEntries(Object.entries(layout).map(([name, type]) => [name, pointers[name] ?? TYPES[type]])));

const frameOf = (koffi: Koffi): unknown =>
  structOf(koffi, FRAME, { damage: koffi.pointer(structOf(koffi, RECT)), masks: koffi.pointer(structOf(koffi, MASK)) });

/** The functions of the library, each declared once. */
function declare(koffi: Koffi, path: string) {
  const library = koffi.load(path);
  // Copied into a JavaScript string, and given back to the library at once.
  const owned = koffi.disposable("char *", library.func("sr_string_free", "void", ["void *"]));
  return {
    lastError: library.func("sr_last_error", "const char *", []),
    version: library.func("sr_version", "const char *", []),
    init: library.func("sr_init", "int32_t", ["const char *", "const char *"]),
    setSessionId: library.func("sr_set_session_id", "int32_t", ["int64_t"]),
    setSessionIdText: library.func("sr_set_session_id_string", "int32_t", ["const char *"]),
    setDeviceId: library.func("sr_set_device_id", "int32_t", ["const char *"]),
    setOptOut: library.func("sr_set_opt_out", "int32_t", ["bool"]),
    pause: library.func("sr_pause", "int32_t", []),
    resume: library.func("sr_resume", "int32_t", []),
    deleteStored: library.func("sr_delete_stored", "int32_t", []),
    getSessionId: library.func("sr_get_session_id", "int64_t", []),
    getSessionReplayId: library.func("sr_get_session_replay_id", owned, []),
    getSessionReplayUrl: library.func("sr_get_session_replay_url", owned, []),
    getProperties: library.func("sr_get_session_replay_properties", owned, []),
    getPrivacyConfig: library.func("sr_get_privacy_config", owned, []),
    getPageConfig: library.func("sr_get_page_config", owned, []),
    segmentProcess: library.func("sr_segment_process", owned, ["const char *"]),
    segmentProcessFor: library.func("sr_segment_process_for", owned, ["const char *", "int64_t", "const char *"]),
    evaluateTargeting: library.func("sr_evaluate_targeting", "int32_t", ["const char *"]),
    stats: library.func("sr_stats", owned, []),
    takeLog: library.func("sr_take_log", owned, []),
    takeRequest: library.func("sr_take_request", owned, []),
    requestBody: library.func("sr_request_body", "int32_t", ["uint64_t", "void *", "size_t"]),
    respond: library.func("sr_respond", "int32_t", ["uint64_t", "uint32_t", "const char *", "const void *", "size_t"]),
    recordText: library.func("sr_record", "int32_t", ["const char *", "size_t"]),
    recordBytes: library.func("sr_record", "int32_t", ["const void *", "size_t"]),
    recordLines: library.func("sr_record_lines", "int32_t", ["const void *", "size_t", "void *"]),
    isCapturing: library.func("sr_is_capturing", "bool", []),
    wantsFullSnapshot: library.func("sr_wants_full_snapshot", "bool", ["uint64_t"]),
    maskLevel: library.func("sr_mask_level", "uint32_t", []),
    viewPlace: library.func("sr_view_place", "int32_t", [koffi.pointer(structOf(koffi, VIEW_INFO))]),
    viewClose: library.func("sr_view_close", "int32_t", ["uint64_t"]),
    viewNodes: library.func("sr_view_nodes", "int32_t", ["uint64_t", koffi.pointer(structOf(koffi, NODE)), "size_t"]),
    viewFrame: library.func("sr_view_frame", "int32_t", [koffi.pointer(frameOf(koffi))]),
    viewNextFrameMs: library.func("sr_view_next_frame_ms", "uint32_t", ["uint64_t"]),
    viewRecord: library.func("sr_view_record", "int32_t", ["uint64_t", "const void *", "size_t", "void *"]),
    viewPointer: library.func("sr_view_pointer", "int32_t", ["uint64_t", "uint32_t", "double", "double", "int64_t"]),
    viewKey: library.func("sr_view_key", "int32_t", ["uint64_t", "const char *", "int64_t"]),
    captureNow: library.func("sr_capture_now", "int32_t", ["const char *"]),
    recordCustom: library.func("sr_record_custom", "int32_t", ["const char *", "const char *"]),
    recordInteraction: library.func("sr_record_interaction", "int32_t", ["const char *"]),
    recordLog: library.func("sr_record_log", "int32_t", ["uint32_t", "const char *"]),
    recordRequest: library.func("sr_record_request", "int32_t", [koffi.pointer(structOf(koffi, REQUEST))]),
    flush: library.func("sr_flush", "int32_t", ["uint32_t"]),
    flushBegin: library.func("sr_flush_begin", "int64_t", []),
    flushPoll: library.func("sr_flush_poll", "int32_t", ["int64_t"]),
    shutdownBegin: library.func("sr_shutdown_begin", "int64_t", []),
    shutdown: library.func("sr_shutdown", "int32_t", ["uint32_t"]),
  };
}

export const isKoffi = (loaded: Partial<Koffi> | null | undefined): boolean =>
  typeof loaded?.load === "function" && typeof loaded.disposable === "function";

/** Loads the library at `path`; throws what koffi throws. */
export function loadWithKoffi(koffi: Koffi, path: string): NativeLibrary {
  const sr = declare(koffi, path);
  const { recordText, recordBytes } = sr;
  const accepted = new BigUint64Array(1);

  return {
    backend: "koffi",
    path,
    version: () => sr.version(),
    init: (apiKey, options) => sr.init(apiKey, options),
    setSessionId: (id) => sr.setSessionId(id),
    setSessionIdText: (id) => sr.setSessionIdText(id),
    setDeviceId: (id) => sr.setDeviceId(id),
    setOptOut: (optOut) => sr.setOptOut(optOut),
    pause: () => sr.pause(),
    resume: () => sr.resume(),
    deleteStored: () =>
      new Promise((resolve, reject) => {
        sr.deleteStored.async((error, status) => (error ? reject(error) : resolve(status)));
      }),
    getSessionId: () => {
      const id: number | bigint = sr.getSessionId();
      return typeof id === "bigint" ? (id.toString() as TextSessionId) : id;
    },
    getSessionReplayId: () => sr.getSessionReplayId(),
    getSessionReplayUrl: () => sr.getSessionReplayUrl(),
    getSessionReplayProperties: () => sr.getProperties(),
    getPrivacyConfig: () => sr.getPrivacyConfig(),
    getPageConfig: () => sr.getPageConfig(),
    segmentProcess: (event) => sr.segmentProcess(event),
    segmentProcessFor: (event, sessionId, deviceId) => sr.segmentProcessFor(event, sessionId, deviceId),
    evaluateTargeting: (context) => sr.evaluateTargeting(context),
    stats: () => sr.stats(),
    takeLog: () => sr.takeLog(),
    takeRequest: () => sr.takeRequest(),
    requestBody: (id, body) => sr.requestBody(id, body, body.byteLength),
    respond: (id, status, headers, body) => sr.respond(id, status, headers, body, body.byteLength),
    lastError: () => sr.lastError(),
    record: (event) =>
      typeof event === "string" ? recordText(event, Buffer.byteLength(event)) : recordBytes(event, event.byteLength),
    handOver: () => {},
    recordLines: (lines) => {
      accepted[0] = 0n;
      const status: Status = sr.recordLines(lines, lines.byteLength, accepted);
      return { status, accepted: Number(accepted[0]) };
    },
    isCapturing: () => sr.isCapturing(),
    wantsFullSnapshot: (view) => sr.wantsFullSnapshot(view),
    maskLevel: () => sr.maskLevel(),
    viewPlace: (view) => sr.viewPlace(view),
    viewClose: (view) => sr.viewClose(view),
    viewNodes: (view, nodes) => sr.viewNodes(view, nodes.length === 0 ? null : nodes, nodes.length),
    viewFrame: (frame) => sr.viewFrame(frame),
    viewNextFrameMs: (view) => sr.viewNextFrameMs(view),
    viewRecord: (view, lines) => {
      accepted[0] = 0n;
      const status: Status = sr.viewRecord(view, lines, lines.byteLength, accepted);
      return { status, accepted: Number(accepted[0]) };
    },
    viewPointer: (view, kind, x, y, timestampMs) => sr.viewPointer(view, kind, x, y, timestampMs),
    viewKey: (view, name, timestampMs) => sr.viewKey(view, name, timestampMs),
    captureNow: (reason) => sr.captureNow(reason),
    recordCustom: (tag, payload) => sr.recordCustom(tag, payload),
    recordInteraction: (json) => sr.recordInteraction(json),
    recordLog: (level, message) => sr.recordLog(level, message),
    recordRequest: (request) => sr.recordRequest(request),
    startFlush: () => sr.flush(0),
    flushBegin: () => sr.flushBegin(),
    flushPoll: (flush) => sr.flushPoll(flush),
    shutdownBegin: () => sr.shutdownBegin(),
    end: () =>
      new Promise((resolve, reject) => {
        sr.shutdown.async(0, (error, status) => (error ? reject(error) : resolve(status)));
      }),
  };
}
