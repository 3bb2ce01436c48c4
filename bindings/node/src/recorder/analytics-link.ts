// Follows the session and the device of analytics events. The library has the rules: it looks at both, changes them and
// answers in one step.
import type { Followed, ToldByAnalytics } from "../model/analytics.js";
import { SessionReplayError, invalid } from "../model/errors.js";
import { checkText, isNone, toDeviceId, toSessionId, type DeviceId, type NumericSessionId } from "../model/ids.js";
import type { Stats } from "../model/stats.js";
import { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "../native/library.js";
import type { RecorderContext } from "./context.js";
import { parseJson } from "./json.js";

/** The ids of an event, as the library takes them. 0 and null: none. */
interface NativeEventIds {
  sessionId: NumericSessionId | 0;
  deviceId: DeviceId | null;
}

/** An event that holds nothing, and what the library adds to it. */
const EMPTY_EVENT = '{"type":"track"}';
interface CompletedEvent {
  properties?: { [key: string]: string };
  integrations?: { Amplitude: { session_id: number } };
}

export class AnalyticsLink {
  constructor(private readonly context: RecorderContext) {}

  /** Whether the calls here have an effect. */
  isRunning(call: string): boolean {
    return this.#running(call) !== undefined;
  }

  /** `told` counts in place of what the event says. */
  processSegmentEvent(event: string, told?: ToldByAnalytics): string {
    const library = this.#running("processSegmentEvent");
    if (library === undefined) return event;
    checkText("the event for Segment", event);
    return this.#follow(library, event, told && toNativeIds(told));
  }

  followAnalytics(told: ToldByAnalytics): Followed {
    const library = this.#running("followAnalytics");
    if (library === undefined) return { sessionId: undefined, properties: {} };
    if (typeof told !== "object" || told === null) throw invalid("followAnalytics takes { sessionId, deviceId }");
    const ids = toNativeIds(told);
    const completed = parseJson<CompletedEvent>(this.#follow(library, EMPTY_EVENT, ids));
    const { properties = {}, integrations } = completed ?? {};
    return { sessionId: integrations?.Amplitude.session_id ?? this.context.session.id, properties };
  }

  #running(call: string): NativeLibrary | undefined {
    const library = this.context.library.attachRunning();
    if (library === undefined) this.context.notices.notInitialized(call);
    return library;
  }

  #follow(library: NativeLibrary, event: string, ids: NativeEventIds | undefined): string {
    const replayBefore = library.getSessionReplayId();
    const processed = ids
      ? library.segmentProcessFor(event, ids.sessionId, ids.deviceId)
      : library.segmentProcess(event);
    if (processed === null) throw new SessionReplayError("invalid-json", library.lastError());
    // The library returns the event and no status. A replay that begins needs a full snapshot, as after setSessionId.
    const hasChanged = library.getSessionReplayId() !== replayBefore;
    const state = hasChanged ? parseJson<Stats>(library.stats())?.state : undefined;
    if (state === "capturing" || state === "held" || state === "waiting-for-remote-config") {
      this.context.snapshots.onChange(Status.NeedsFullSnapshot);
    }
    this.context.poller.checkSession();
    return processed;
  }
}

/** Throws for ids that can't be meant. */
function toNativeIds({ sessionId, deviceId }: ToldByAnalytics): NativeEventIds {
  return {
    deviceId: isNone(deviceId) ? null : toDeviceId(deviceId),
    sessionId: isNone(sessionId) ? 0 : (toSessionId(sessionId) as NumericSessionId),
  };
}
