// Tells the library what may decide whether this session is captured: an analytics event, the user, the page's address.
import type { SessionReplayTargetingInput } from "../model/browser-sdk.js";
import { SessionReplayError, invalid, messageOf } from "../model/errors.js";
import type { RecordStatus } from "../model/results.js";
import { Status } from "../model/shared/status.js";
import { isCollection, isObject, show, type Warn } from "../model/values.js";
import { suggestionFor } from "../options/validation.js";
import type { RecorderContext } from "./context.js";
import { callLibrary } from "./host-call.js";
import { toRecordStatus } from "./record-status.js";

export class Targeting {
  constructor(private readonly context: RecorderContext) {}

  /** Whether the session is captured now. */
  evaluate(given: unknown): RecordStatus {
    const { notices, snapshots, poller } = this.context;
    const status = callLibrary(this.context, "evaluateTargeting", (library) =>
      library.evaluateTargeting(contextJson(given, (what) => notices.warnOnce(`evaluateTargeting: ${what}`))),
    );
    if (status < 0) return "not-captured";
    // What begins to be captured begins with a full snapshot. Ok: nothing changed, and one that was requested is still wanted.
    if (status === Status.NeedsFullSnapshot) snapshots.onChange(status);
    poller.checkSession();
    return toRecordStatus(status);
  }

  /** As the browser SDK: never fails, and with `forceRestart` what is captured begins again, with a full snapshot. */
  evaluateAndCapture(given: unknown, forceRestart: boolean): void {
    try {
      const status = this.evaluate(given);
      if (status === "ok" && forceRestart) this.context.snapshots.onChange(Status.NeedsFullSnapshot);
    } catch (error) {
      this.context.events.log("error", `evaluateTargetingAndCapture: ${messageOf(error)}`);
    }
  }
}

const MEMBERS = ["event", "userProperties", "page"];

/** Of the browser SDK's parameters those that count, and are what they are to be: the rest is as it was told last. */
function contextJson(given: unknown, warn: Warn): string {
  if (!isObject(given)) throw invalid("evaluateTargeting takes { event, userProperties, page }");
  for (const name of Object.keys(given)) {
    if (!MEMBERS.includes(name)) warn(`there is no member ${show(name)}: ignored${suggestionFor(name, MEMBERS)}`);
  }
  const { event, userProperties, page } = given as SessionReplayTargetingInput;
  const objectOf = (name: string, value: unknown, what: string) => {
    if (value === undefined || value === null || (isObject(value) && !isCollection(value))) return value ?? undefined;
    return void warn(`"${name}" must be ${what}: ignored`);
  };
  const url = urlOf(objectOf("page", page, 'an object like { url: "https://…" }'), warn);
  try {
    return JSON.stringify({
      event: objectOf("event", event, 'an object like { event_type: "Bought" }'),
      userProperties: objectOf("userProperties", userProperties, 'an object like { plan: "paid" }'),
      page: url === undefined ? undefined : { url },
    });
  } catch (error) {
    throw new SessionReplayError("invalid-json", `evaluateTargeting: that can't be written as JSON: ${messageOf(error)}`, { cause: error });
  }
}

function urlOf(page: object | undefined, warn: Warn): string | undefined {
  const { url } = (page ?? {}) as { url?: unknown };
  if (url === undefined || url === null || typeof url === "string") return url ?? undefined;
  if (url instanceof URL) return url.href;
  return void warn(`"page.url" is ${show(url)}, and no text: ignored`);
}
