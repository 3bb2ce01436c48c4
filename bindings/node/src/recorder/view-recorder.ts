// Hands a program's views to the library, and asks for full snapshots of the pages in them.
import { checkText } from "../model/ids.js";
import { invalid } from "../model/errors.js";
import type { RecordStatus } from "../model/results.js";
import { toBytes, toJson, toPayloadJson } from "../model/rrweb-event.js";
import type { MaskLevel } from "../model/shared/privacy.js";
import { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "../native/library.js";
import { frameOf } from "../native/frame-values.js";
import { toChoice, toId, toTimestamp } from "../native/given.js";
import { MASK_LEVELS, POINTER_KINDS } from "../native/view-layout.js";
import { nodesOf, viewInfoOf } from "../native/view-values.js";
import type { RecorderContext } from "./context.js";
import { toRecordStatus } from "./record-status.js";

/** As the library itself says while nothing is captured. */
const NOT_CAPTURED_MS = 1_000;

export class ViewRecorder {
  constructor(private readonly context: RecorderContext) {}

  get isCapturing(): boolean {
    return this.context.library.attach()?.isCapturing() ?? false;
  }

  get maskLevel(): MaskLevel {
    const level = this.context.library.attach()?.maskLevel();
    return level === MASK_LEVELS.light ? "light" : level === MASK_LEVELS.medium ? "medium" : "conservative";
  }

  place(view: unknown): RecordStatus {
    const info = viewInfoOf(view);
    const status = this.#call("placeView", (library) => library.viewPlace(info));
    this.context.snapshots.onPlaced(info.view as number, info.parent as number, status);
    return toRecordStatus(status);
  }

  close(view: unknown): RecordStatus {
    const id = toId("closeView: the view", view);
    const status = this.#call("closeView", (library) => library.viewClose(id));
    this.context.snapshots.forgetView(id);
    return toRecordStatus(status);
  }

  setNodes(view: unknown, nodes: unknown): RecordStatus {
    const id = toId("setViewNodes: the view", view);
    const values = nodesOf(nodes);
    return toRecordStatus(this.#call("setViewNodes", (library) => library.viewNodes(id, values)));
  }

  showFrame(view: unknown, frame: unknown): RecordStatus {
    const id = toId("showFrame: the view", view);
    const values = frameOf(id, frame);
    return toRecordStatus(this.#call("showFrame", (library) => library.viewFrame(values)));
  }

  nextFrameMs(view: unknown): number {
    const id = toId("nextFrameMs: the view", view);
    return this.context.library.attach()?.viewNextFrameMs(id) ?? NOT_CAPTURED_MS;
  }

  /** How many events were kept. */
  record(view: unknown, events: unknown): number {
    const id = toId("recordInView: the view", view);
    const lines = typeof events === "string" ? Buffer.from(events || "\n") : (toBytes(events) ?? Buffer.from(toJson(events)));
    let accepted = 0;
    const status = this.#call("recordInView", (library) => {
      const result = library.viewRecord(id, lines);
      accepted = result.accepted;
      return result.status;
    }, () => accepted);
    this.context.snapshots.onPageStatus(id, status);
    return accepted;
  }

  pointer(view: unknown, kind: unknown, x: unknown, y: unknown, timestampMs?: unknown): RecordStatus {
    const id = toId("viewPointer: the view", view);
    const number = toChoice("viewPointer: the kind", kind, POINTER_KINDS);
    if (typeof x !== "number" || typeof y !== "number") throw invalid("viewPointer: x and y must be numbers");
    const when = toTimestamp("viewPointer: the timestamp", timestampMs);
    return toRecordStatus(this.#call("viewPointer", (library) => library.viewPointer(id, number, x, y, when)));
  }

  key(view: unknown, name: unknown, timestampMs?: unknown): RecordStatus {
    const id = toId("viewKey: the view", view);
    // What is refused may be what was typed: the message must not hold it.
    if (typeof name !== "string" || name.includes("\0")) throw invalid("viewKey: the key must be a name like Enter");
    const when = toTimestamp("viewKey: the timestamp", timestampMs);
    return toRecordStatus(this.#call("viewKey", (library) => library.viewKey(id, name, when)));
  }

  custom(tag: unknown, payload: unknown): RecordStatus {
    checkText("recordCustom: the tag", tag);
    const json = toPayloadJson(payload);
    const status = this.#call("recordCustom", (library) => library.recordCustom(tag, json));
    if (status >= 0) this.context.snapshots.onStatus(status);
    return toRecordStatus(status);
  }

  /** Throws for a refusal, but not where nothing is being recorded. */
  #call(name: string, call: (library: NativeLibrary) => Status, accepted?: () => number): Status {
    const { library, notices } = this.context;
    const attached = library.attach();
    const status = attached ? call(attached) : Status.NotInitialized;
    if (status === Status.NotInitialized) notices.notInitialized(name);
    else if (status < 0) throw library.errorOf(status, accepted?.());
    return status;
  }
}
