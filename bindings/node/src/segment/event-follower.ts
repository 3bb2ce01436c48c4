// Follows the session and the device of the events, and gives each event the properties of its replay.
import { parseSessionId } from "../integration/analytics-ids.js";
import { isOfCurrentReplay, type SessionReplayApi } from "../integration/api.js";
import type { Followed } from "../model/analytics.js";
import { sessionIdOf, type DeviceId, type ReplayId } from "../model/ids.js";
import type { SegmentMode } from "../model/shared/choices.js";
import { REPLAY_ID_PROPERTY } from "../model/shared/ids.js";
import {
  actionsSessionId,
  addClassicSessionId,
  addProperties,
  classicSessionId,
  isActionsOff,
  removeProperties,
  type SegmentEvent,
} from "./event.js";
import { idsOf } from "./event-ids.js";
import { targetingOf } from "./event-targeting.js";
import { oneByOne } from "./in-order.js";
import { modeOf, type IntegrationOptions } from "./mode.js";
import { ReplayLookup } from "./replay-lookup.js";
import { onSessionWritten } from "./session-watch.js";
import { Warnings } from "./warn.js";

export class EventFollower {
  readonly mode: SegmentMode;
  readonly #warnings: Warnings;
  readonly #lookup: ReplayLookup;

  constructor(
    private readonly api: SessionReplayApi,
    private readonly options: IntegrationOptions,
  ) {
    this.mode = modeOf(options);
    this.#warnings = new Warnings(options.loggerProvider);
    this.#lookup = new ReplayLookup(api, this.mode, this.#warnings);
  }

  /**
   * Follows the event, after the earlier events of all analytics, and returns the replay's properties it was given. `mayDecide`: whether
   * it may decide whether its session is captured: not before the rules are known.
   */
  process(event: SegmentEvent, mayDecide = () => true): Promise<Followed["properties"]> {
    return oneByOne().run(undefined, async () => {
      const ids = idsOf(event, this.mode, this.options, this.#warnings);
      let answer = await this.#lookup.find(ids);
      // The very event that a rule matches leads to the replay.
      const isEvaluated = answer && isOfCurrentReplay(this.api, ids) && mayDecide() && (await this.#evaluate(event));
      if (isEvaluated && answer?.properties[REPLAY_ID_PROPERTY] === undefined) answer = await this.#lookup.find(ids);
      return this.#warnings.attempt(() => this.#complete(event, answer)) ?? {};
    });
  }

  async #evaluate(event: SegmentEvent): Promise<boolean> {
    const targeting = this.#warnings.attempt(() => targetingOf(event, this.mode, Date.now()));
    if (targeting === undefined || this.api.evaluateTargetingAndCapture === undefined) return false;
    try {
      await this.api.evaluateTargetingAndCapture(targeting);
      return true;
    } catch (error) {
      this.#warnings.once("an event does not decide whether its session is captured", error);
      return false;
    }
  }

  /** Follows a device that is known without an event. */
  async followDevice(deviceId: string): Promise<void> {
    await this.#lookup.find({ deviceId: deviceId as DeviceId });
  }

  /**
   * Amplitude (Actions) may still write the session id into an event that was processed without one. Then the properties
   * that the event was given are removed at once, unless they are of that session. Its own are added as soon as they are
   * known, if the event has not left by then.
   */
  expectSession(event: SegmentEvent, added: Followed["properties"]): void {
    const correct = () => {
      const session = parseSessionId(actionsSessionId(event));
      if (session === undefined || sessionIn(added) === String(session)) return;
      removeProperties(event, added);
      this.process(event).catch(() => {});
    };
    this.#warnings.attempt(() => {
      const isExpected = parseSessionId(actionsSessionId(event)) === undefined && !isActionsOff(event);
      if (this.mode === "actions" && isExpected) onSessionWritten(event, () => this.#warnings.attempt(correct));
    });
  }

  #complete(event: SegmentEvent, answer: Followed | undefined): Followed["properties"] {
    let properties = answer?.properties ?? {};
    if (this.mode === "classic-cloud") {
      const current = parseSessionId(sessionIn(properties) ?? answer?.sessionId ?? this.api.getSessionId()) ?? undefined;
      const own = parseSessionId(classicSessionId(event)) ?? undefined;
      // An event of another session must not name this one's replay.
      if (own !== undefined && own !== current) properties = {};
      if (current !== undefined) addClassicSessionId(event, current);
    }
    return addProperties(event, properties) ? properties : {};
  }
}

/** The session of the replay that these properties lead to. */
function sessionIn(properties: Followed["properties"]): string | undefined {
  const replayId = properties[REPLAY_ID_PROPERTY] as ReplayId | undefined;
  return replayId === undefined ? undefined : sessionIdOf(replayId);
}
