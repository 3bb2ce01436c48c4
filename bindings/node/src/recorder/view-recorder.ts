// Hands a program's views to the library, and asks for full snapshots of the pages in them.
import { checkText } from "../model/ids.js";
import { invalid } from "../model/errors.js";
import { toInteractionJson } from "../model/interactions.js";
import type { RecordStatus } from "../model/results.js";
import { FULL_SNAPSHOT, toBytes, toJson, toPayloadJson } from "../model/rrweb-event.js";
import type { MaskLevel } from "../model/shared/privacy.js";
import { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "../native/library.js";
import { frameOf } from "../native/frame-values.js";
import { toChoice, toId, toTimestamp } from "../native/given.js";
import { MASK_LEVELS, POINTER_KINDS } from "../native/view-layout.js";
import { nodesOf, viewInfoOf } from "../native/view-values.js";
import { INTERACTION_TAG } from "../model/shared/page.js";
import { filterCustom } from "./beside.js";
import type { RecorderContext } from "./context.js";
import { callLibrary, whileRecording } from "./host-call.js";
import { toRecordStatus } from "./record-status.js";
import { show } from "../model/values.js";

/** As the library itself says while nothing is captured. */
const NOT_CAPTURED_MS = 1_000;

/** What the library takes for a reason. */
const MAX_REASON_BYTES = 1_000;
const NO_REASON = "captureNow";

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
    let placed: [number, number] | undefined;
    const status = this.#call("placeView", (library) => {
      const info = viewInfoOf(view);
      placed = [info.view as number, info.parent as number];
      return library.viewPlace(info);
    });
    if (placed) this.context.snapshots.onPlaced(...placed, status);
    return toRecordStatus(status);
  }

  close(view: unknown): RecordStatus {
    let closed: number | undefined;
    const status = this.#call("closeView", (library) => library.viewClose((closed = toId("closeView: the view", view))));
    if (closed !== undefined) this.context.snapshots.forgetView(closed);
    return toRecordStatus(status);
  }

  setNodes(view: unknown, nodes: unknown): RecordStatus {
    const status = this.#call("setViewNodes", (library) => {
      const id = toId("setViewNodes: the view", view);
      return library.viewNodes(id, nodesOf(nodes));
    });
    return toRecordStatus(status);
  }

  showFrame(view: unknown, frame: unknown): RecordStatus {
    const status = this.#call("showFrame", (library) => {
      const id = toId("showFrame: the view", view);
      return library.viewFrame(frameOf(id, frame));
    });
    return toRecordStatus(status);
  }

  nextFrameMs(view: unknown): number {
    const library = this.context.library.attach();
    if (library === undefined) return NOT_CAPTURED_MS;
    return whileRecording(library, NOT_CAPTURED_MS, () => library.viewNextFrameMs(toId("nextFrameMs: the view", view)));
  }

  /** How many events were kept. */
  record(view: unknown, events: unknown): number {
    let accepted = 0;
    let page: number | undefined;
    const status = this.#call("recordInView", (library) => {
      const id = (page = toId("recordInView: the view", view));
      const given = typeof events === "string" ? Buffer.from(events || "\n") : (toBytes(events) ?? Buffer.from(toJson(events)));
      const lines = this.#filtered(library, id, given);
      const result = library.viewRecord(id, lines);
      accepted = result.accepted;
      return result.status;
    }, () => accepted);
    if (page !== undefined) this.context.snapshots.onPageStatus(page, status);
    return accepted;
  }

  /** What is left of the events of the page in a view. */
  #filtered(library: NativeLibrary, view: number | string, lines: Uint8Array): Uint8Array {
    const { filter, snapshots } = this.context;
    if (!filter.isOn || !library.isCapturing()) return lines;
    const left = filter.applyToLines(Buffer.from(lines).toString(), ({ type }, isKept) => {
      if (type === FULL_SNAPSHOT) snapshots.onFiltered(isKept, Number(view));
    });
    return Buffer.from(left || "\n");
  }

  pointer(view: unknown, kind: unknown, x: unknown, y: unknown, timestampMs?: unknown): RecordStatus {
    const status = this.#call("viewPointer", (library) => {
      const id = toId("viewPointer: the view", view);
      const number = toChoice("viewPointer: the kind", kind, POINTER_KINDS);
      if (typeof x !== "number" || typeof y !== "number") throw invalid("viewPointer: x and y must be numbers");
      return library.viewPointer(id, number, x, y, toTimestamp("viewPointer: the timestamp", timestampMs));
    });
    return toRecordStatus(status);
  }

  key(view: unknown, name: unknown, timestampMs?: unknown): RecordStatus {
    const status = this.#call("viewKey", (library) => {
      const id = toId("viewKey: the view", view);
      // What is refused may be what was typed: the message must not hold it.
      if (typeof name !== "string" || name.includes("\0")) throw invalid("viewKey: the key must be a name like Enter");
      return library.viewKey(id, name, toTimestamp("viewKey: the timestamp", timestampMs));
    });
    return toRecordStatus(status);
  }

  custom(tag: unknown, payload: unknown): RecordStatus {
    let isDropped = false;
    const status = this.#call("recordCustom", (library) => {
      const left = filterCustom(this.context, tag, payload, customOf);
      isDropped = left === undefined;
      return left ? library.recordCustom(...left) : Status.NotCaptured;
    });
    if (isDropped) return "not-captured";
    if (status >= 0) this.context.snapshots.onStatus(status);
    return toRecordStatus(status);
  }

  captureNow(reason: unknown): RecordStatus {
    const status = this.#call("captureNow", (library) => {
      if (typeof reason !== "string") throw invalid(`captureNow: the reason must be a text, but is ${show(reason)}`);
      return library.captureNow(reasonOf(reason));
    });
    if (status >= 0) this.context.snapshots.onStatus(status);
    return toRecordStatus(status);
  }

  interaction(interaction: unknown): RecordStatus {
    const status = this.#call("recordInteraction", (library) => {
      const json = filterCustom(this.context, INTERACTION_TAG, interaction, (_tag, payload) => toInteractionJson(payload));
      return json === undefined ? Status.NotCaptured : library.recordInteraction(json);
    });
    return toRecordStatus(status);
  }

  #call(name: string, call: (library: NativeLibrary) => Status, accepted?: () => number): Status {
    return callLibrary(this.context, name, call, accepted);
  }
}

/** Any text will do, since something has just gone wrong: it is cut where the library takes no more. */
function reasonOf(text: string): string {
  const bytes = Buffer.from(text.replaceAll("\0", "\ufffd"));
  let end = Math.min(bytes.length, MAX_REASON_BYTES);
  // Not within a character.
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end) || NO_REASON;
}

function customOf(tag: unknown, payload: unknown): [tag: string, json: string] {
  checkText("recordCustom: the tag", tag);
  return [tag, toPayloadJson(payload)];
}
