// Hands a program's log lines and requests to the library.
import { invalid } from "../model/errors.js";
import type { RecordStatus } from "../model/results.js";
import { Status } from "../model/shared/status.js";
import { toChoice } from "../native/given.js";
import type { NativeLibrary } from "../native/library.js";
import { requestOf } from "../native/request-values.js";
import { LOG_LINE_LEVELS } from "../native/view-layout.js";
import { REQUEST_TAG } from "../model/shared/page.js";
import { filterCustom, filterLog } from "./beside.js";
import type { RecorderContext } from "./context.js";
import { callLibrary } from "./host-call.js";
import { toRecordStatus } from "./record-status.js";

export class CompanionRecorder {
  constructor(private readonly context: RecorderContext) {}

  log(level: unknown, message: unknown): RecordStatus {
    return this.#call("recordLog", (library) => {
      const left = filterLog(this.context, level, message, lineOf);
      return left && library.recordLog(...left);
    });
  }

  request(request: unknown): RecordStatus {
    return this.#call("recordRequest", (library) => {
      const left = filterCustom(this.context, REQUEST_TAG, request, (_tag, payload) => requestOf(payload));
      return left && library.recordRequest(left);
    });
  }

  /** `call` gives undefined for what the host's filter drops. */
  #call(name: string, call: (library: NativeLibrary) => Status | undefined): RecordStatus {
    let isDropped = false;
    const status = callLibrary(this.context, name, (library) => {
      const answer = call(library);
      isDropped = answer === undefined;
      return answer ?? Status.NotCaptured;
    });
    if (isDropped) return "not-captured";
    if (status >= 0) this.context.snapshots.onStatus(status);
    return toRecordStatus(status);
  }
}

function lineOf(level: unknown, message: unknown): [level: number, message: string] {
  const number = toChoice("recordLog: the level", level, LOG_LINE_LEVELS);
  if (typeof message !== "string") throw invalid(`recordLog: the message must be a text, but is ${typeof message}`);
  return [number, message.includes("\0") ? message.replaceAll("\0", "\ufffd") : message];
}
