// Changes what is recorded: the session, the device, and whether recording is wanted at all.
import { SessionReplayError, invalid, messageOf } from "../model/errors.js";
import { coerceSessionId, isNone, toDeviceId, toSessionId } from "../model/ids.js";
import { IdentityStoreFollower } from "../model/identity-store.js";
import { Status } from "../model/shared/status.js";
import { show } from "../model/values.js";
import type { NativeLibrary } from "../native/library.js";
import type { NativeValues } from "../options/sorted.js";
import type { RecorderContext } from "./context.js";

/** What is said of a refusal that another thread met: the library's own sentence is that thread's. */
const REFUSED: Partial<Record<Status, string>> = {
  [Status.NotInitialized]: "session replay is not running: call init first",
  [Status.Storage]: "not everything in storageDir could be deleted: stats().lastError says what to do",
};

export class SessionControl {
  /** The user's choice, which holds from one recording to the next. */
  #isOptedOut = false;
  /** The host's choice. One that is made while nothing is recorded holds for the recording that begins next. */
  #isStopped = false;

  readonly #deletions = new Set<Promise<void>>();

  readonly #analyticsOptOut = new IdentityStoreFollower((isOptedOut) =>
    this.#logged("setOptOut", () => this.setOptOut(isOptedOut)),
  );

  constructor(private readonly context: RecorderContext) {}

  setSessionId(sessionId: unknown, deviceId?: unknown): void {
    if (!this.#isRunning("setSessionId")) return;
    const { events, notices, session } = this.context;
    this.#analyticsOptOut.look();
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

  /** What is no boolean changes nothing: to take `undefined` for a yes would end what a user has said no to. */
  setOptOut(isOptedOut: unknown): void {
    if (typeof isOptedOut !== "boolean") {
      const reason = `setOptOut takes true or false, not ${show(isOptedOut)}`;
      if (this.context.library.attachRunning() !== undefined) throw invalid(reason);
      // Where nothing is recorded, no call throws.
      return this.context.notices.warnOnce(`${reason}: nothing changes`);
    }
    this.#isOptedOut = isOptedOut;
    this.#applyOptOut();
  }

  /** Follows the opt-out of Amplitude's SDK of this name. */
  followInstance(name: unknown): void {
    this.#analyticsOptOut.follow(name);
  }

  setStopped(isStopped: boolean): void {
    this.#isStopped = isStopped;
    this.#applyStop();
  }

  /**
   * Deletes what waits to be sent. Not on this thread: files are read and removed. The events that were recorded before are
   * handed over before.
   */
  deleteStored(): Promise<void> {
    const deleting = this.#deleteStored();
    const done = deleting.then(() => {}, () => {}).finally(() => void this.#deletions.delete(done));
    this.#deletions.add(done);
    return deleting;
  }

  /** Once what is being deleted is; undefined: nothing is. */
  get whatIsDeleted(): Promise<unknown> | undefined {
    return this.#deletions.size === 0 ? undefined : Promise.all(this.#deletions);
  }

  async #deleteStored(): Promise<void> {
    const { library, snapshots } = this.context;
    const attached = library.attach();
    const status = attached ? await attached.deleteStored() : Status.NotInitialized;
    if (status < 0) throw SessionReplayError.of(status, REFUSED[status] ?? "");
    if (status !== Status.Ok) snapshots.onChange(status);
  }

  /** Recording ends: a `stop()` meant that recording. */
  onEnd(): void {
    this.#isStopped = false;
  }

  /** The options to start with: what was chosen before recording begins holds. Of that and the option the stricter counts. */
  withChoice(options: NativeValues): NativeValues {
    return this.#isOptedOut ? { ...options, optOut: true } : options;
  }

  /** The library has started with these options. */
  onStarted({ rememberOptOut, sessionId }: NativeValues): void {
    this.context.snapshots.forgetViews();
    this.context.session.remember(sessionId);
    if (this.#isStopped) this.#applyStop();
    // The option says it of this run alone.
    if (this.#isOptedOut && rememberOptOut === true) this.#logged("setOptOut", () => this.#applyOptOut());
  }

  /** This thread joins what another one records. What was chosen here before counts for that, too. */
  onJoined(): void {
    if (this.#isOptedOut) this.#logged("setOptOut", () => this.#applyOptOut());
    if (this.#isStopped) this.#applyStop();
  }

  /** Applies the ids of these options to a recorder that is running. */
  applyIds({ deviceId, sessionId }: NativeValues): void {
    if (deviceId !== undefined) this.setDeviceId(deviceId);
    if (sessionId !== undefined) this.setSessionId(sessionId);
  }

  /** While nothing is recorded the choice is only kept. */
  #applyOptOut(): void {
    this.#change(undefined, (library) => library.setOptOut(this.#isOptedOut));
  }

  #applyStop(): void {
    this.#change(undefined, (library) => (this.#isStopped ? library.pause() : library.resume()));
  }

  /** For a choice that nobody makes now: that it can't be remembered refuses nothing. */
  #logged(call: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.context.events.log("error", `${call}: ${messageOf(error)}`);
    }
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
