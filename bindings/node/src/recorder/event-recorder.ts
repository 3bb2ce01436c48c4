// Hands events to the library, and reads its status for them.
import { invalid } from "../model/errors.js";
import type { RecordStatus } from "../model/results.js";
import { FULL_SNAPSHOT, toBytes, toEvent, toJson } from "../model/rrweb-event.js";
import { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "../native/library.js";
import type { RecorderContext } from "./context.js";
import { toRecordStatus } from "./record-status.js";

export class EventRecorder {
  constructor(private readonly context: RecorderContext) {}

  record(event: unknown): RecordStatus {
    const library = this.context.library.attach();
    if (library === undefined) return this.#resultOf(Status.NotInitialized);
    if (this.context.filter.isOn) return this.#recordFiltered(library, event);
    if (typeof event === "string") return this.#resultOf(library.record(event, false));
    let written: string | Uint8Array;
    try {
      written = toBytes(event) ?? toJson(event);
    } catch (error) {
      if (library.stats() === null) return this.#resultOf(Status.NotInitialized);
      throw error;
    }
    return this.#resultOf(library.record(written, typeof written === "string"));
  }

  /** Where nothing would be kept the filter is not called. */
  #recordFiltered(library: NativeLibrary, event: unknown): RecordStatus {
    if (!library.isCapturing()) return this.#resultOf(library.stats() === null ? Status.NotInitialized : Status.NotCaptured);
    const { filter, snapshots } = this.context;
    const given = toEvent(event);
    const json = filter.applyToJson(given);
    if (given.type === FULL_SNAPSHOT) snapshots.onFiltered(json !== undefined);
    if (json === undefined) return "not-captured";
    const status = library.record(json, true);
    if (status !== Status.InvalidJson) return this.#resultOf(status);
    filter.drop(`what beforeRecord returned can't be recorded, and the event was dropped: ${library.lastError()}`);
    return "not-captured";
  }

  /** How many were kept. */
  recordLines(lines: string | Uint8Array): number {
    const { filter, library, notices, snapshots } = this.context;
    const attached = library.attach();
    const bytes = toBytes(typeof lines === "string" ? Buffer.from(lines) : lines);
    if (bytes && attached && filter.isOn && attached.isCapturing()) return this.#recordLinesFiltered(attached, bytes);
    // Where nothing is being recorded, nothing is looked at; to ask that first would cost each call.
    if (bytes === undefined && attached?.stats() != null) {
      throw invalid("recordLines takes a text, or its bytes: one event's JSON a line");
    }
    const { status, accepted } = (bytes && attached?.recordLines(bytes)) ?? { status: Status.NotInitialized, accepted: 0 };
    if (status === Status.NotInitialized) notices.notInitialized("recordLines");
    else if (status < 0) throw library.errorOf(status, accepted);
    else snapshots.onStatus(status);
    return accepted;
  }

  #recordLinesFiltered(library: NativeLibrary, bytes: Uint8Array): number {
    const { filter, snapshots } = this.context;
    const left = filter.applyToLines(Buffer.from(bytes).toString(), ({ type }, isKept) => {
      if (type === FULL_SNAPSHOT) snapshots.onFiltered(isKept);
    });
    if (left === "") return 0;
    const { status, accepted } = library.recordLines(Buffer.from(left));
    if (status < 0 && status !== Status.NotInitialized) throw this.context.library.errorOf(status, accepted);
    snapshots.onStatus(status);
    return accepted;
  }

  #resultOf(status: Status): RecordStatus {
    if (status < 0 && status !== Status.NotInitialized) throw this.context.library.errorOf(status);
    if (status === Status.NotInitialized) this.context.notices.notInitialized("record");
    else this.context.snapshots.onStatus(status);
    return toRecordStatus(status);
  }
}
