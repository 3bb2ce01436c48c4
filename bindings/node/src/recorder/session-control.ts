// Changes what is recorded: the session, the device, and whether recording is wanted at all.
import { coerceSessionId, isNone, toDeviceId, toSessionId } from "../model/ids.js";
import { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "../native/library.js";
import type { NativeValues } from "../options/sorted.js";
import type { RecorderContext } from "./context.js";

export class SessionControl {
  /** The user's choice, and the host's: recording goes on where neither is set. */
  #isOptedOut = false;
  #isStopped = false;

  constructor(private readonly context: RecorderContext) {}

  setSessionId(sessionId: unknown, deviceId?: unknown): void {
    const { events, notices, session } = this.context;
    if (!isNone(deviceId)) this.setDeviceId(deviceId);
    // A number or BigInt that names no session is ignored, as by the browser SDK; a value of another type is refused.
    if (!isNone(sessionId) && !["string", "bigint", "number"].includes(typeof sessionId)) toSessionId(sessionId);
    const coerced = coerceSessionId(sessionId, (what) => notices.warnOnce(`setSessionId: the session id ${what}`));
    if (coerced === undefined) return events.log("debug", "setSessionId: no session id yet; nothing changes");
    const id = toSessionId(coerced);
    this.#change("setSessionId", (library) => {
      const status = typeof id === "string" ? library.setSessionIdText(id) : library.setSessionId(id);
      if (status >= 0) session.remember(id);
      return status;
    });
  }

  setDeviceId(deviceId: unknown): void {
    const id = toDeviceId(deviceId);
    this.#change("setDeviceId", (library) => library.setDeviceId(id));
  }

  setOptOut(isOptedOut: boolean): void {
    this.#isOptedOut = Boolean(isOptedOut);
    this.#applyOptOut("setOptOut");
  }

  setStopped(isStopped: boolean): void {
    this.#isStopped = isStopped;
    this.#applyOptOut(isStopped ? "stop" : "start");
  }

  /** Recording begins, or this thread joins it. */
  onBegin(): void {
    this.#isStopped = false;
  }

  /** The library has started with these options. */
  onStarted({ optOut, sessionId }: NativeValues): void {
    this.context.snapshots.forgetViews();
    this.#isOptedOut = optOut === true;
    this.context.session.remember(sessionId);
  }

  /** Applies the ids of these options to a recorder that is running. */
  applyIds({ deviceId, sessionId }: NativeValues): void {
    if (deviceId !== undefined) this.setDeviceId(deviceId);
    if (sessionId !== undefined) this.setSessionId(sessionId);
  }

  #applyOptOut(call: string): void {
    this.#change(call, (library) => library.setOptOut(this.#isOptedOut || this.#isStopped));
  }

  #change(call: string, change: (library: NativeLibrary) => Status): void {
    const { library, notices, snapshots, poller } = this.context;
    const attached = library.attach();
    const status = attached ? change(attached) : Status.NotInitialized;
    if (status === Status.NotInitialized) return notices.notInitialized(call);
    if (status < 0) throw library.errorOf(status);
    // Ok: nothing changed, and a snapshot that was requested is still wanted.
    if (status !== Status.Ok) snapshots.onChange(status);
    poller.checkSession();
  }
}
