// The recorder as this thread of JavaScript sees it.
//
// The native recorder is one for the whole process. So nothing here decides from memory whether it is running: the
// library is asked, and a recorder that another thread started is joined. The copies of this package in one thread share one
// of these: shared-recorder.ts.
import type { Followed, ToldByAnalytics } from "../model/analytics.js";
import type { SessionReplayError } from "../model/errors.js";
import { withOwnNames } from "../model/call-names.js";
import type { ReplayId, SessionId } from "../model/ids.js";
import type { RecordStatus, WaitStatus } from "../model/results.js";
import type { PageConfig } from "../model/shared/page-config.js";
import type { PrivacyConfig } from "../model/shared/privacy.js";
import { noStats, type Stats } from "../model/stats.js";
import type { SessionReplayOptions } from "../options/options.js";
import { AnalyticsLink } from "./analytics-link.js";
import { CompanionRecorder } from "./companion-recorder.js";
import { createContext, type RecorderContext } from "./context.js";
import type { EventHub } from "./event-hub.js";
import { EventRecorder } from "./event-recorder.js";
import { parseJson } from "./json.js";
import type { Loader } from "./library-handle.js";
import { Lifecycle } from "./lifecycle.js";
import type { LogPoller } from "./log-poller.js";
import { SessionControl } from "./session-control.js";
import { Targeting } from "./targeting.js";
import { ViewRecorder } from "./view-recorder.js";

export class Recorder {
  readonly #context: RecorderContext;
  readonly #events: EventRecorder;
  readonly #analytics: AnalyticsLink;
  readonly #lifecycle: Lifecycle;
  /** Which session and device is recorded, and whether. */
  readonly control: SessionControl;
  /** What decides whether the session is captured, where the remote configuration has rules. */
  readonly targeting: Targeting;
  /** What the program does beside what it shows. */
  readonly companions: CompanionRecorder;
  /** The windows of the program, and what is in them. */
  readonly views: ViewRecorder;

  /** `refusal`: why this recorder must never record. */
  constructor(refusal?: SessionReplayError) {
    this.#context = createContext(refusal);
    this.#events = new EventRecorder(this.#context);
    this.#analytics = new AnalyticsLink(this.#context);
    this.control = new SessionControl(this.#context);
    this.targeting = new Targeting(this.#context);
    this.companions = new CompanionRecorder(this.#context);
    this.views = new ViewRecorder(this.#context);
    this.#lifecycle = new Lifecycle(this.#context, this.control, this.targeting);
  }

  get events(): EventHub {
    return this.#context.events;
  }

  get poller(): LogPoller {
    return this.#context.poller;
  }

  init(apiKey: string, options?: SessionReplayOptions): Promise<void> {
    return this.#lifecycle.init(apiKey, options);
  }

  /** Another copy of this package uses this recorder, too: the log says so, once recording is on. */
  warnOfCopy(warning: string): void {
    this.#lifecycle.warnOfCopy(warning);
  }

  /** Another copy may have a library where this one has none. */
  addLoader(loader: Loader): void {
    this.#context.library.addLoader(loader);
  }

  /** Whether events are followed now; if not, the log says so once. */
  isFollowing(call: string): boolean {
    return this.#analytics.isRunning(call);
  }

  flush(timeoutMs?: number | boolean): Promise<WaitStatus> {
    return this.#lifecycle.flush(timeoutMs);
  }

  shutdown(timeoutMs?: number): Promise<WaitStatus> {
    return this.#lifecycle.shutdown(timeoutMs);
  }

  record(event: unknown): RecordStatus {
    return this.#events.record(event);
  }

  recordLines(lines: string | Uint8Array): number {
    return this.#events.recordLines(lines);
  }

  processSegmentEvent(event: string, told?: ToldByAnalytics): string {
    return this.#analytics.processSegmentEvent(event, told);
  }

  followAnalytics(told: ToldByAnalytics): Followed {
    return this.#analytics.followAnalytics(told);
  }

  get sessionId(): SessionId | undefined {
    return this.#context.session.id;
  }

  get replayId(): ReplayId | undefined {
    return this.#context.session.replayId;
  }

  get replayUrl(): string | undefined {
    return this.#context.library.attach()?.getSessionReplayUrl() ?? undefined;
  }

  get properties(): { [key: string]: string } {
    return parseJson(this.#context.library.attach()?.getSessionReplayProperties()) ?? {};
  }

  get privacyConfig(): PrivacyConfig {
    return parseJson(this.#context.library.attach()?.getPrivacyConfig()) ?? {};
  }

  get pageConfig(): PageConfig {
    return parseJson(this.#context.library.attach()?.getPageConfig()) ?? {};
  }

  get stats(): Stats {
    const { filter, library, notices } = this.#context;
    const stats = parseJson<Stats>(library.attach()?.stats());
    if (stats === undefined) return noStats(notices.advice);
    const advice = stats.advice === null ? null : withOwnNames(stats.advice);
    // The library never had what the filter of this thread has dropped.
    return { ...stats, advice, filtered: stats.filtered + filter.dropped };
  }
}
