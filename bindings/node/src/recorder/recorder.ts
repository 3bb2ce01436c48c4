// The recorder as this thread of JavaScript sees it.
//
// The native recorder is one for the whole process. So nothing here decides from memory whether it is running: the
// library is asked, and a recorder that another thread, or another copy of this package, started is joined.
import type { Followed, ToldByAnalytics } from "../model/analytics.js";
import type { ReplayId, SessionId } from "../model/ids.js";
import type { RecordStatus, WaitStatus } from "../model/results.js";
import type { PrivacyConfig } from "../model/shared/privacy.js";
import { noStats, type Stats } from "../model/stats.js";
import type { SessionReplayOptions } from "../options/options.js";
import { AnalyticsLink } from "./analytics-link.js";
import { createContext } from "./context.js";
import type { EventHub } from "./event-hub.js";
import { EventRecorder } from "./event-recorder.js";
import { parseJson } from "./json.js";
import { Lifecycle } from "./lifecycle.js";
import type { LogPoller } from "./log-poller.js";
import { SessionControl } from "./session-control.js";

export class Recorder {
  readonly #context = createContext();
  readonly #events = new EventRecorder(this.#context);
  readonly #analytics = new AnalyticsLink(this.#context);
  /** Which session and device is recorded, and whether. */
  readonly control = new SessionControl(this.#context);
  readonly #lifecycle = new Lifecycle(this.#context, this.control);

  get events(): EventHub {
    return this.#context.events;
  }

  get poller(): LogPoller {
    return this.#context.poller;
  }

  init(apiKey: string, options?: SessionReplayOptions): Promise<void> {
    return this.#lifecycle.init(apiKey, options);
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

  get properties(): { [key: string]: string } {
    return parseJson(this.#context.library.attach()?.getSessionReplayProperties()) ?? {};
  }

  get privacyConfig(): PrivacyConfig {
    return parseJson(this.#context.library.attach()?.getPrivacyConfig()) ?? {};
  }

  get stats(): Stats {
    return parseJson(this.#context.library.attach()?.stats()) ?? noStats(this.#context.notices.advice);
  }
}
