// The library's sentences name the calls of its C interface: a host of this package knows them by other names.

/** Those that sentences name. What begins with sr_ and is none of them, as a key of the remote configuration, stays. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["sr_capture_now", "captureNow"],
  ["sr_delete_stored", "deleteStored"],
  ["sr_evaluate_targeting", "evaluateTargeting"],
  ["sr_init", "init"],
  ["sr_record", "record"],
  ["sr_record_lines", "recordLines"],
  ["sr_resume", "resume"],
  ["sr_segment_process", "processSegmentEvent"],
  ["sr_set_device_id", "setDeviceId"],
  ["sr_set_opt_out", "setOptOut"],
  ["sr_set_session_id", "setSessionId"],
  ["sr_shutdown", "shutdown"],
  ["sr_stats", "stats"],
]);

/** A sentence of the library, in which the calls have the names that they have here. */
export const withOwnNames = (sentence: string): string => sentence.replace(/\bsr_[a-z_]+/g, (name) => NAMES.get(name) ?? name);
