// Records the page: starts and pauses rrweb, and sends its events, masked, as JSON lines. Never throws into the page.

import { listen } from "../dom/listeners";
import { EventType, type IncrementalEvent, type RrwebEvent, Source } from "../model/rrweb-event";
import { isObject, parsePrivacyConfig, type Privacy } from "../privacy/config";
import { Mask } from "../privacy/mask";
import { Sanitizer } from "../privacy/sanitizer";
import { outboxLimits } from "../send/limits";
import type { LossReason, OutboxLimits } from "../send/outbox";
import { makeSender, type Sender, type SenderOptions } from "../send/sender";
import { StyleSources } from "../styles/style-sources";
import { DocumentWatcher } from "./document-watcher";
import { eventPipeline } from "./event-pipeline";
import { REPORT_AFTER_MS } from "./health";
import { HealthMonitor, type RecordingState } from "./health-monitor";
import { MissedChanges } from "./missed-changes";
import { PageErrors } from "./page-errors";
import { type PageOptions, parsePageOptions } from "./page-options";
import { noteOpenPopovers, watchPopovers } from "./popovers";
import { ProblemLog } from "./problem-log";
import { resnapshotTimer } from "./resnapshot-timer";
import { rrwebOptions } from "./rrweb-options";
import { type RrwebOptions, RrwebRecorder } from "./rrweb-recorder";

export interface RecorderOptions extends SenderOptions, Partial<OutboxLimits> {
  /**
   * Called when events were lost and recording has stopped, with how often that happened since the host took anything;
   * `start` begins again.
   */
  lost?: (reason: LossReason, losses: number) => void;
  privacyConfig?: unknown;
  pageOptions?: unknown;
}

export class Recorder {
  private readonly limits: OutboxLimits;
  private readonly sender: Sender;
  private readonly problems = new ProblemLog();
  private readonly styles = new StyleSources((sheet) => {
    const loss = "shorthands with var() in it are lost beside their longhands";
    this.problems.note(`the source of ${sheet} is not available: ${loss}`);
  });
  private readonly pageErrors = new PageErrors((sheet, text, isAll) => this.styles.onWrite(sheet, text, isAll));
  private readonly rrweb: RrwebRecorder;
  private readonly process: (event: RrwebEvent) => void;
  private readonly missed: MissedChanges;
  private readonly monitor: HealthMonitor;
  private readonly watcher: DocumentWatcher;
  private readonly resnapshot = resnapshotTimer(() => this.guard(() => this.onResnapshotDue()));
  private privacy: Privacy;
  private mask: Mask;
  private sanitizer: Sanitizer;
  private page: PageOptions;
  private state: RecordingState = "off";
  private timers: ReturnType<typeof setInterval>[] = [];

  constructor(private readonly options: RecorderOptions) {
    this.privacy = parsePrivacyConfig(options.privacyConfig);
    this.mask = new Mask(this.privacy);
    this.page = parsePageOptions(options.pageOptions);
    this.limits = outboxLimits(options);
    this.sender = this.makeSender();
    this.rrweb = new RrwebRecorder(this.rrwebOptions(), (event) => this.guard(() => this.onEvent(event)));
    this.watcher = new DocumentWatcher((replaced) => this.state !== "off" && this.resnapshot.request(replaced));
    this.sanitizer = this.makeSanitizer();
    this.process = this.makePipeline();
    this.missed = new MissedChanges(this.rrweb.idOf, (element) => this.mask.isBlocked(element));
    this.monitor = new HealthMonitor(
      () => ({ state: this.state, waitingMs: this.sender.outbox.waitingMs, hasMissedChanges: this.missed.areFound }),
      (json) => this.sender.add(json),
    );
    this.listenToPage();
  }

  get isRecording(): boolean {
    return this.state !== "off";
  }

  /** Starts, or starts again, with a full snapshot as soon as there is a document. */
  start(): void {
    this.guard(() => {
      if (this.state !== "off") return;
      this.state = "starting";
      this.monitor.onStart();
      this.pageErrors.install();
      this.timers = [setInterval(() => this.guard(() => this.check()), REPORT_AFTER_MS)];
      const { fullSnapshotIntervalMs: interval } = this.page;
      if (interval > 0) this.timers.push(setInterval(() => this.takeFullSnapshot(), interval));
      this.whenIdle(() => this.resumeIfReady());
    });
  }

  /** Stops, and sends what there is. */
  stop(): void {
    this.guard(() => {
      this.pause();
      this.sender.outbox.flush();
    });
  }

  takeFullSnapshot(): void {
    this.whenIdle(() => {
      // While starting, the first full snapshot is still to come.
      if (this.state === "recording") this.rrweb.takeFullSnapshot();
    });
  }

  /** Masks by this from now on; what was masked differently shows with the next full snapshot, taken at once. */
  setPrivacyConfig(config: unknown): void {
    this.guard(() => {
      if (!isObject(config)) {
        this.problems.note("setPrivacyConfig was given no object: the configuration before it stays in force");
        return;
      }
      this.privacy = parsePrivacyConfig(config);
      this.mask = new Mask(this.privacy);
      this.sanitizer = this.makeSanitizer();
      this.takeFullSnapshot();
    });
  }

  /** The browser SDK's options for a page; rrweb's part of them has no effect once it has started. */
  setPageOptions(options: unknown): void {
    this.guard(() => {
      this.page = parsePageOptions(options);
      this.rrweb.options = this.rrwebOptions();
    });
  }

  /** Adds an event that is not rrweb's, in one line of JSON; false: nothing is being recorded now. */
  add(json: string): boolean {
    if (this.state !== "recording") return false;
    this.guard(() => this.sender.add(json));
    return true;
  }

  /** For hosts whose rrweb does not see what the page's scripts do: a script has set a field's value. */
  valueChanged(field: Element): void {
    const { value, checked, type } = field as HTMLInputElement;
    const isChecked = (type === "checkbox" || type === "radio") && checked;
    this.emitChange(field, (id) => ({ source: Source.Input, text: String(value), isChecked, id }));
  }

  /** As {@link valueChanged}: a script has changed this element's style sheet; `change` is rrweb's data, in JSON. */
  rulesChanged(owner: Element, change: string): void {
    this.emitChange(owner, (id) => ({ ...(JSON.parse(change) as object), source: Source.StyleSheetRule, id }));
  }

  /** For hosts that show another document in an element of this page: whether that must not be shown, by this page's rules. */
  isWithheld(element: Element): boolean {
    this.guard(() => this.mask.refresh());
    return this.mask.isWithheld(element);
  }

  flush(): void {
    this.guard(() => this.sender.outbox.flush());
  }

  /** Hands over everything without waiting for results: the page is about to go, or the session to change. */
  flushNow(): void {
    this.guard(() => this.sender.outbox.flushNow());
  }

  /** Drops what was recorded and not taken yet. */
  clear(): void {
    this.sender.outbox.clear();
  }

  /** For troubleshooting: numbers, and what went wrong, in sentences. */
  status(): object {
    return {
      recording: this.isRecording,
      ...this.sender.outbox.stats(),
      problems: [...this.privacy.problems, ...this.monitor.problems, ...this.problems.all],
    };
  }

  private makeSender(): Sender {
    const { options } = this;
    const schedule = (flush: () => void) => options.schedule(() => this.guard(flush));
    return makeSender({ ...options, schedule }, this.limits, (reason, losses) => this.onLoss(reason, losses));
  }

  private makeSanitizer(): Sanitizer {
    return new Sanitizer(this.mask, this.styles, this.rrweb.nodeOf);
  }

  private makePipeline(): (event: RrwebEvent) => void {
    return eventPipeline({
      rrweb: this.rrweb,
      sanitizer: () => this.sanitizer,
      maxEventBytes: this.limits.maxEventLength,
      onFrame: (document) => this.watcher.addFrame(document),
      onCut: (what) => this.problems.note(`too large for a replay, and cut: ${what}`),
      send: (json) => this.sender.add(json),
    });
  }

  private rrwebOptions(): RrwebOptions {
    return rrwebOptions(this.page, {
      privacy: () => this.privacy,
      mask: () => this.mask,
      isPageError: (error) => this.pageErrors.has(error),
      note: (error) => this.note(error),
    });
  }

  private listenToPage(): void {
    listen(window, "pagehide", () => this.flushNow());
    listen(window, "pageshow", (event) => (event as PageTransitionEvent).persisted && this.takeFullSnapshot());
    listen(window, "focus", () => this.page.captureFullSnapshotOnFocus && this.takeFullSnapshot());
    listen(document, "visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    listen(document, "DOMContentLoaded", () => this.guard(() => this.resumeIfReady()));
    listen(document, "prerenderingchange", () => this.guard(() => this.resumeIfReady()));
    watchPopovers(this.problems);
  }

  private resumeIfReady(): void {
    if (this.state !== "off" && this.watcher.isReady) this.rrweb.resume();
  }

  private pause(): void {
    this.state = "off";
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    this.resnapshot.cancel();
    this.missed.reset();
    this.rrweb.pause();
  }

  private onEvent(event: RrwebEvent): void {
    const isSnapshot = event.type === EventType.FullSnapshot;
    if (this.state === "off") return;
    // What precedes the first full snapshot can't be drawn.
    if (this.state === "starting" && !isSnapshot && event.type !== EventType.Meta) return;
    if (isSnapshot && !document.documentElement) return;
    if (isSnapshot) this.onFullSnapshot();
    if (isMutation(event)) this.missed.onMutation();
    this.process(event);
  }

  private onFullSnapshot(): void {
    this.state = "recording";
    this.styles.reset();
    this.missed.onFullSnapshot();
    this.monitor.onFullSnapshot();
    noteOpenPopovers(this.problems);
  }

  private emitChange(element: Element, data: (id: number) => object): void {
    this.guard(() => {
      const id = this.rrweb.idOf(element);
      if (id <= 0) return;
      this.rrweb.emit({ type: EventType.Incremental, timestamp: Date.now(), data: data(id) } as IncrementalEvent);
    });
  }

  private onLoss(reason: LossReason, losses: number): void {
    if (reason === "too-large") this.monitor.onTooLarge(this.limits.maxEventLength);
    this.pause();
    if (this.monitor.hasDropped) queueMicrotask(() => this.guard(() => this.monitor.report()));
    this.options.lost?.(reason, losses);
  }

  /** rrweb knows nothing of what is in the other root element. */
  private onResnapshotDue(): void {
    if (this.state === "recording") this.whenIdle(() => this.rrweb.takeFreshSnapshot());
    else this.resumeIfReady();
  }

  /** Now and then: is anything useful being recorded? */
  private check(): void {
    if (this.state === "recording") {
      if (this.missed.check()) this.rrweb.takeFullSnapshot();
    } else {
      this.resumeIfReady();
      if (this.state === "starting") this.rrweb.takeFullSnapshot();
    }
    this.monitor.report();
  }

  /** Not while rrweb emits an event: then it must not be called. */
  private whenIdle(work: () => void): void {
    this.rrweb.whenIdle(() => this.guard(work));
  }

  /** Our errors stay ours. */
  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.note(error);
    }
  }

  private note(error: unknown): void {
    this.problems.note(String(error));
  }
}

/** Whether rrweb has observed a change of a document. It describes frames unasked. */
const isMutation = ({ type, data }: RrwebEvent) =>
  type === EventType.Incremental && data.source === Source.Mutation && !data.isAttachIframe;
