// Changes what is recorded: the session, the device, and whether recording is wanted at all.
import { coerceSessionId, isNone, toDeviceId, toSessionId } from "../model/ids.js";
import { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "../native/library.js";
import type { NativeValues } from "../options/sorted.js";
import type { RecorderContext } from "./context.js";

export class SessionControl {
  /** The user's choice, which holds from one recording to the next, and what the option `optOut` said. */
  #isOptedOut = false;
  #isOptedOutByOption = false;
  /** The host's choice. One that is made while nothing is recorded holds for the recording that begins next. */
  #isStopped = false;

  constructor(private readonly context: RecorderContext) {}

  setSessionId(sessionId: unknown, deviceId?: unknown): void {
    if (!this.#isRunning("setSessionId")) return;
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
    if (!this.#isRunning("setDeviceId")) return;
    const id = toDeviceId(deviceId);
    this.#change("setDeviceId", (library) => library.setDeviceId(id));
  }

  setOptOut(isOptedOut: boolean): void {
    this.#isOptedOut = Boolean(isOptedOut);
    this.#isOptedOutByOption = false;
    this.#applyOptOut();
  }

  setStopped(isStopped: boolean): void {
    this.#isStopped = isStopped;
    this.#applyOptOut();
  }

  /** Recording ends: a `stop()` and the option meant that recording. */
  onEnd(): void {
    this.#isStopped = false;
    this.#isOptedOutByOption = false;
  }

  /** The options to start with: what was chosen before recording begins holds. Of that and the option the stricter counts. */
  withChoice(options: NativeValues): NativeValues {
    return this.#isOptedOut || this.#isStopped ? { ...options, optOut: true } : options;
  }

  /** The library has started with these options. */
  onStarted({ optOut, sessionId }: NativeValues): void {
    this.context.snapshots.forgetViews();
    this.#isOptedOutByOption = optOut === true;
    this.context.session.remember(sessionId);
  }

  /** This thread joins what another one records. What was chosen here before counts for that, too. */
  onJoined(): void {
    if (this.#isOptedOut || this.#isStopped) this.#applyOptOut();
  }

  /** Applies the ids of these options to a recorder that is running. */
  applyIds({ deviceId, sessionId }: NativeValues): void {
    if (deviceId !== undefined) this.setDeviceId(deviceId);
    if (sessionId !== undefined) this.setSessionId(sessionId);
  }

  /** While nothing is recorded the choice is only kept. */
  #applyOptOut(): void {
    const isUnwanted = this.#isOptedOut || this.#isOptedOutByOption || this.#isStopped;
    this.#change(undefined, (library) => library.setOptOut(isUnwanted));
  }

  /** Where nothing is recorded, nothing is looked at. */
  #isRunning(call: string): boolean {
    const { library, notices } = this.context;
    if (library.attachRunning() !== undefined) return true;
    notices.notInitialized(call);
    return false;
  }

  #change(call: string | undefined, change: (library: NativeLibrary) => Status): void {
    const { library, notices, snapshots, poller } = this.context;
    const attached = library.attach();
    const status = attached ? change(attached) : Status.NotInitialized;
    if (status === Status.NotInitialized) return call === undefined ? undefined : notices.notInitialized(call);
    if (status < 0) throw library.errorOf(status);
    // Ok: nothing changed, and a snapshot that was requested is still wanted.
    if (status !== Status.Ok) snapshots.onChange(status);
    poller.checkSession();
  }
}
