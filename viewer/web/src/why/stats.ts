// What sr_stats() says, in words. It is read here and goes nowhere else.

import { count } from "../dom/format";
import { type Fields, isFields } from "../model/json";

export interface Line {
  /** Whether it keeps a replay from being there. */
  isProblem: boolean;
  text: string;
}

/** No statistics are longer. */
const MAX_CHARS = 100_000;

/** Why a recorder in this state captures nothing, and what to do; null: it captures. */
const STATES = new Map<string, string | null>([
  ["capturing", null],
  ["waiting-for-remote-config", "The remote configuration is awaited. Wait three seconds; what is recorded meanwhile is kept."],
  ["waiting-for-event", "No session has begun: with sessionTimeoutMs the first event begins one. Record something."],
  ["no-device-id", "There is no device id. Give the option deviceId, or call sr_set_device_id."],
  ["no-session-id", "There is no session id. Give the option sessionId, or call sr_set_session_id."],
  ["opted-out", "The user has opted out. sr_set_opt_out(false) ends that; with rememberOptOut it may be a choice of an earlier run."],
  ["paused", "The program has called sr_pause(). Call sr_resume()."],
  ["idle", "Nobody has used the program for idleTimeoutMs. Recording goes on with the next action."],
  ["not-in-sample", "The session is not in the sample. sampleRate is 0 by default: set it to 1 while developing."],
  ["capture-disabled", "Capture is off in the remote configuration, or that could not be fetched (see lastError). While developing, set enableRemoteConfig to false."],
  ["targeting-not-evaluated", "The remote configuration chooses sessions by rules, and nothing was told that they could ask for. Call sr_evaluate_targeting or sr_segment_process."],
  ["not-targeted", "The rules of the remote configuration did not choose this session: targeting.rule says which one decided."],
  ["session-ended-by-server", "The server rejected this session (skip code 4004 or 4005). The next one is recorded again."],
  ["held", "The session is held: its newest minute is sent only if something goes wrong. sr_capture_now sends it."],
  ["not-initialized", "The recorder is not there: init was not called, has failed, or shutdown was called."],
]);

/** Counters that should be 0, and what it means when they are not. */
const COUNTERS: [path: string, meaning: string][] = [
  ["refused.invalidEvent", "refused: not an rrweb event. Look at sr_last_error()"],
  ["refused.tooLarge", "refused: larger than maxSingleEventSizeBytes"],
  ["refused.bufferFull", "refused: storageLimitBytes is reached"],
  ["refused.storage", "refused: neither disk nor memory is to be had"],
  ["dropped.invalidEvent", "dropped: not rrweb JSON, or nothing that a player can play. Set validateOnRecord to true"],
  ["dropped.rejectedByServer", "dropped: the server rejected their batch, usually for a wrong API key"],
  ["dropped.tooLargeForServer", "dropped: too large for the server by themselves"],
  ["dropped.storageLimit", "dropped: storageLimitBytes was reached, and their session evicted"],
  ["dropped.notCaptured", "dropped: kept until the remote configuration came, which did not capture them"],
  ["dropped.expired", "dropped: left behind by an earlier run more than three days ago"],
  ["dropped.storageLost", "dropped: somebody removed or cut files in storageDir"],
  ["dropped.sessionTooShort", "dropped: their session was shorter than minSessionDurationMs"],
  ["dropped.sessionEndedByServer", "dropped: the server rejected their session"],
  ["dropped.deleted", "deleted by sr_delete_stored"],
  ["dropped.notTriggered", "held, and never sent: there was no trigger"],
  ["throttled", "delivered, and thrown away by the overloaded server (skip code 429)"],
  ["filtered", "dropped by the filter of the program (sr_set_filter, beforeRecord)"],
  ["notStored", "kept in memory only, although there is a storageDir"],
];

/** Explains what was pasted; a problem with the text itself is the only line then. */
export function explain(text: string): Line[] {
  if (text.length > MAX_CHARS) return [problem("That is too long for what sr_stats() says.")];
  let stats: unknown;
  try {
    stats = JSON.parse(text);
  } catch {
    return [problem("That is no JSON. Paste all of what sr_stats() returned, from { to }.")];
  }
  if (!isFields(stats) || typeof stats["state"] !== "string") return [problem("That is not what sr_stats() returns: it has no `state`.")];
  return [...ofState(stats), ...ofCounters(stats), ...ofDelivery(stats)];
}

function ofState(stats: Fields): Line[] {
  const state = stats["state"] as string;
  const meaning = STATES.get(state);
  const lines: Line[] = [];
  if (meaning === null) lines.push(fine("state is capturing: events are captured."));
  else lines.push(problem(`state is ${state}: ${meaning ?? "a word that this viewer does not know; look at advice."}`));
  if (typeof stats["advice"] === "string") lines.push(problem(`advice: ${stats["advice"]}`));
  if (typeof stats["sessionReplayId"] === "string") lines.push(fine(`sessionReplayId is ${stats["sessionReplayId"]}: compare it with the ids above.`));
  const rule = textAt(stats, "targeting.rule");
  if (rule !== null) lines.push(fine(`targeting.rule is ${rule}: that rule decided.`));
  return lines;
}

function ofCounters(stats: Fields): Line[] {
  const lines: Line[] = [];
  const recorded = numberAt(stats, "recorded.events");
  if (recorded === 0) lines.push(problem("recorded.events is 0: the program does not call sr_record, or each call fails. Look at what it returns."));
  for (const [path, meaning] of COUNTERS) {
    const number = numberAt(stats, path);
    if (number !== null && number > 0) lines.push(problem(`${path} is ${number}: ${count(number, "event")} ${meaning}.`));
  }
  const notCaptured = numberAt(stats, "notCaptured");
  if (notCaptured !== null && notCaptured > 0) lines.push(fine(`notCaptured is ${notCaptured}: so many calls came while nothing was captured.`));
  return lines;
}

function ofDelivery(stats: Fields): Line[] {
  const lines: Line[] = [];
  const [waiting, held, delivered] = [numberAt(stats, "waiting.events"), numberAt(stats, "held.events"), numberAt(stats, "delivered")];
  const error = textAt(stats, "lastError.message");
  if (waiting !== null && waiting > 0) {
    const why = error === null ? "they are sent when their batch is closed, after 10 s at most; sr_flush sends them at once" : "the server can't be reached, or refuses";
    lines.push({ isProblem: error !== null, text: `waiting.events is ${waiting}: ${why}.` });
  }
  if (held !== null && held > 0) lines.push(problem(`held.events is ${held}: they are sent only if there is a trigger.`));
  if (error !== null) lines.push(problem(`lastError: ${error}`));
  const storage = textAt(stats, "storage.problem");
  if (storage !== null) lines.push(problem(`storage.problem: ${storage}`));
  if (delivered !== null && delivered > 0) lines.push(fine(`delivered is ${delivered}: a server has them. If it is not this one, look at trackServerUrl.`));
  if (delivered === 0 && waiting === 0) lines.push(problem("delivered is 0 and nothing waits: no event was both captured and kept."));
  return lines;
}

const problem = (text: string): Line => ({ isProblem: true, text });
const fine = (text: string): Line => ({ isProblem: false, text });

function at(stats: Fields, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isFields(value) ? value[key] : undefined), stats);
}

function numberAt(stats: Fields, path: string): number | null {
  const value = at(stats, path);
  return typeof value === "number" ? value : null;
}

function textAt(stats: Fields, path: string): string | null {
  const value = at(stats, path);
  return typeof value === "string" && value !== "" ? value : null;
}
