// Records the page: starts and pauses rrweb, and sends its events, masked, as JSON lines. Never throws into the page.

import { onAddressChange } from "../address/address-watch";
import { listen } from "../dom/listeners";
import { type PageOptions, parsePageOptions } from "../model/page-options";
import { type CompanionEvent, EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import type { InteractionConfig, LoggingConfig, MaskLevel } from "../model/shared";
import type { MakeObserver } from "../observers/observer";
import { Observers } from "../observers/observers";
import { asOwnWork } from "../page-world/own-work";
import { colorBlocked } from "../privacy/blocked-background";
import { isObject } from "../privacy/config";
import { Masking } from "../privacy/masking";
import { Sanitizer } from "../privacy/sanitizer";
import { Delivery } from "../send/delivery";
import type { ToJson } from "../send/event-writer";
import { toJson } from "../send/json";
import { outboxLimits } from "../send/limits";
import type { LossReason, OutboxLimits } from "../send/outbox";
import { StyleSources } from "../styles/style-sources";
import { type BeforeRecord, PageFilter } from "./before-record";
import { CanvasSampler } from "./canvas-sampler";
import { Checkout } from "./checkout";
import { DocumentWatcher } from "./document-watcher";
import { eventPipeline } from "./event-pipeline";
import { REPORT_AFTER_MS } from "./health";
import { HealthMonitor, type RecordingState } from "./health-monitor";
import { type HostFunctions, ownHost } from "./host-functions";
import { IdleWatch } from "./idle-watch";
import { mergeMutations } from "./merge-mutations";
import { MissedChanges } from "./missed-changes";
import { PageErrors } from "./page-errors";
import { noteOpenPopovers, watchPopovers } from "./popovers";
import { ProblemLog } from "./problem-log";
import { RecordedFrames } from "./recorded-frames";
import { ReportedChanges } from "./reported-changes";
import { resnapshotTimer } from "./resnapshot-timer";
import { rrwebOptions } from "./rrweb-options";
import { type RrwebOptions, RrwebRecorder } from "./rrweb-recorder";

export interface RecorderOptions extends HostFunctions, Partial<OutboxLimits> {
  /**
   * Called when events were lost and recording has stopped, with how often that happened since the host took anything;
   * `start` begins again.
   */
  lost?: (reason: LossReason, losses: number) => void;
  privacyConfig?: unknown;
  loggingConfig?: unknown;
  interactionConfig?: unknown;
  pageOptions?: unknown;
  /** The host's filter, asked for with each event: it may come late. */
  beforeRecord?: () => BeforeRecord | undefined;
  /** What is recorded beside the document. */
  observers?: readonly MakeObserver[];
}

export class Recorder {
  /** Called with the document of a frame, before rrweb observes it; again with each full snapshot. */
  onFrame: (document: Document) => void = () => {};
  /** For hosts whose rrweb does not see what the page's scripts do. */
  readonly reported: ReportedChanges;
  private readonly limits: OutboxLimits;
  private readonly delivery: Delivery;
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
  private readonly frames: RecordedFrames;
  private readonly resnapshot = resnapshotTimer(() => this.guard(() => this.onResnapshotDue()));
  private readonly masking: Masking;
  private page: PageOptions;
  private logging: LoggingConfig;
  private interaction: InteractionConfig;
  private readonly observers: Observers;
  private readonly checkout = new Checkout();
  private readonly filter = new PageFilter(
    () => this.options.beforeRecord?.(),
    (problem) => this.note(problem),
  );
  private readonly canvases = this.makeCanvases();
  private readonly idle = new IdleWatch(
    () => this.guard(() => this.onIdle()),
    () => this.start(),
    () => this.rrweb.elementsOf("iframe").flatMap((frame) => (frame as HTMLIFrameElement).contentDocument ?? []),
  );
  private readonly options: RecorderOptions;
  private state: RecordingState = "off";
  private timers: ReturnType<typeof setInterval>[] = [];

  constructor(options: RecorderOptions) {
    this.options = ownHost(options);
    this.page = parsePageOptions(options.pageOptions);
    this.logging = objectOr(options.loggingConfig);
    this.interaction = objectOr(options.interactionConfig);
    this.limits = outboxLimits(options);
    this.delivery = this.makeDelivery();
    this.masking = this.makeMasking();
    // Before others, who tell the title.
    onAddressChange((before) => this.guard(() => this.masking.onAddressLeft(before)));
    this.rrweb = new RrwebRecorder(this.rrwebOptions(), (event) => this.guard(() => this.onEvent(event)));
    this.reported = this.makeReported();
    this.watcher = new DocumentWatcher((replaced) => this.isActive && this.resnapshot.request(replaced));
    this.frames = this.makeFrames();
    this.process = this.makePipeline();
    this.missed = new MissedChanges(this.rrweb.idOf, () => this.masking.fresh);
    this.monitor = new HealthMonitor(
      () => ({ state: this.state, waitingMs: this.delivery.waitingMs, hasMissedChanges: this.missed.areFound }),
      (json) => this.delivery.addJson(json),
    );
    this.observers = this.makeObservers();
    this.configureObservers();
    this.listenToPage();
    this.frames.configure(this.page.crossOriginIframes);
    this.idle.configure(this.page.idleTimeoutMs);
  }

  get isRecording(): boolean {
    return this.state !== "off";
  }

  /** Starts, or starts again, with a full snapshot as soon as there is a document. */
  start(): void {
    this.guard(() => {
      if (this.isActive) return;
      this.state = "starting";
      this.monitor.onStart();
      this.pageErrors.install();
      this.timers = [setInterval(() => this.guard(() => this.check()), REPORT_AFTER_MS)];
      this.idle.start();
      this.whenIdle(() => this.resumeIfReady());
    });
  }

  /** Stops, and sends what there is. */
  stop(): void {
    this.guard(() => {
      this.pause();
      this.delivery.flush();
    });
  }

  takeFullSnapshot(): void {
    this.whenIdle(() => {
      // Whoever asks has lost the document, so that it is empty until somebody uses the page.
      if (this.state === "idle") this.start();
      // While starting, the first full snapshot is still to come.
      else if (this.state === "recording") this.rrweb.takeFullSnapshot();
    });
  }

  /** Masks by this from now on; what was masked differently shows with the next full snapshot, taken at once. */
  setPrivacyConfig(config: unknown): void {
    this.guard(() => {
      if (!isObject(config)) {
        this.problems.note("setPrivacyConfig was given no object: the configuration before it stays in force");
        return;
      }
      this.applyPrivacy(config);
    });
  }

  /** All that the library tells a page's recorder; of a part that is missing nothing is recorded. */
  setConfig(config: unknown): void {
    this.guard(() => {
      if (!isObject(config)) {
        this.problems.note("setConfig was given no object: the configuration before it stays in force");
        return;
      }
      this.logging = objectOr(config["loggingConfig"]);
      this.interaction = objectOr(config["interactionConfig"]);
      this.configureObservers();
      // Last, since it takes a full snapshot.
      const { privacyConfig } = config;
      if (isObject(privacyConfig)) this.applyPrivacy(privacyConfig);
    });
  }

  /** Masks at this level at least from now on: that of the page which has this one in a frame. */
  setLevelFloor(level: MaskLevel): void {
    this.guard(() => this.masking.setFloor(level));
  }

  /** The browser SDK's options for a page; rrweb's part of them has no effect once it has started. */
  setPageOptions(options: unknown): void {
    this.guard(() => {
      this.page = parsePageOptions(options);
      this.rrweb.options = this.rrwebOptions();
      this.configureObservers();
      this.frames.configure(this.page.crossOriginIframes);
      this.idle.configure(this.page.idleTimeoutMs);
    });
  }

  /** Adds an event that is not rrweb's, in one line of JSON; false: nothing is being recorded now, or the host drops it. */
  add(json: string): boolean {
    if (this.state !== "recording") return false;
    let isKept = false;
    this.guard(() => {
      const left = this.filter.applyToJson(json);
      isKept = left !== null;
      if (left !== null) this.delivery.addJson(left);
    });
    return isKept;
  }

  /** As {@link reported}: something has changed that no event can tell. */
  snapshotSoon(): void {
    this.guard(() => this.state !== "off" && this.resnapshot.request(document));
  }

  /** Notices from now on what is written into style sheets, not only while recording. */
  seeWrites(): void {
    this.guard(() => this.pageErrors.install());
  }

  /** For hosts that show another document in an element of this page: whether that must not be shown, by this page's rules. */
  isWithheld(element: Element): boolean {
    this.guard(() => this.masking.mask.refresh());
    return this.masking.mask.isWithheld(element);
  }

  flush(): void {
    this.guard(() => this.delivery.flush());
  }

  /** Hands over everything without waiting for results: the page is about to go, or the session to change. */
  flushNow(): void {
    this.guard(() => this.delivery.flushNow());
  }

  /** Drops what was recorded and not taken yet. */
  clear(): void {
    this.delivery.clear();
  }

  /** For troubleshooting: numbers, and what went wrong, in sentences. */
  status(): object {
    return {
      recording: this.isRecording,
      ...this.delivery.stats(),
      problems: [...this.masking.privacy.problems, ...this.monitor.problems, ...this.problems.all],
    };
  }

  private applyPrivacy(config: unknown): void {
    this.masking.setConfig(config);
    this.takeFullSnapshot();
  }

  private makeObservers(): Observers {
    return new Observers(this.options.observers ?? [], {
      emit: (event, timestamp) => this.emitCompanion(event, timestamp),
      tell: (event) => this.tell(event),
      address: this.masking.told,
      text: (text, element) => this.masking.fresh.text(text, element),
      isBlocked: (element) => this.masking.fresh.isBlocked(element),
      isMaskedAttribute: (name) => this.masking.privacy.attributes.includes(name),
      isWithheld: (element) => this.isWithheld(element),
      nodeOf: this.rrweb.nodeOf,
      idOf: this.rrweb.idOf,
      note: (problem) => this.note(problem),
    });
  }

  private configureObservers(): void {
    const { page, logging, interaction } = this;
    this.masking.setAddressRules(interaction.ugcFilterRules);
    this.observers.configure({ page, logging, interaction });
  }

  /** What is beside the document has no nodes: rrweb's masking knows nothing of it, and its observer has masked it. */
  private emitCompanion(event: CompanionEvent, timestamp = Date.now()): void {
    if (this.state !== "recording") return;
    const left = this.filter.apply({ ...event, timestamp } as unknown as RrwebEvent);
    if (left) this.delivery.addJson(toJson(left));
  }

  /** The host's filter is for what is recorded, and this is not. */
  private tell(event: CompanionEvent): boolean {
    if (this.state === "off") return false;
    this.guard(() => this.delivery.addJson(toJson({ ...event, timestamp: Date.now() })));
    return true;
  }

  private makeMasking(): Masking {
    return new Masking(this.options.privacyConfig, {
      makeSanitizer: (mask, told) => new Sanitizer(mask, this.styles, (id) => this.rrweb.nodeOf(id), told),
      rewrite: this.options.rewrite,
    });
  }

  private makeReported(): ReportedChanges {
    return new ReportedChanges({
      idOf: this.rrweb.idOf,
      emit: (event) => this.rrweb.emit(event),
      guard: (work) => this.guard(work),
    });
  }

  private makeDelivery(): Delivery {
    const { options } = this;
    const schedule = (flush: () => void) => options.schedule(() => this.guard(flush));
    const performance = () => this.page.performance;
    const writing = {
      isDeferred: () => performance().isDeferred,
      timeoutMs: () => performance().timeoutMs,
      join: (events: RrwebEvent[]) => (performance().mergeMutations ? mergeMutations(events) : events),
      guard: (work: () => void) => this.guard(work),
      note: (error: unknown) => this.note(error),
    };
    const onLoss = (reason: LossReason, losses: number) => this.guard(() => this.onLoss(reason, losses));
    return new Delivery({ ...options, schedule }, this.limits, writing, onLoss);
  }

  private makeFrames(): RecordedFrames {
    return new RecordedFrames({
      rrweb: this.rrweb,
      mask: () => this.masking.mask,
      isRecording: () => this.state === "recording",
      maxEventBytes: this.limits.maxEventLength,
      send: (event, toJson) => this.guard(() => this.deliver(event, toJson)),
      onUse: this.idle.onSign,
      note: (problem) => this.problems.note(problem),
    });
  }

  private makeCanvases(): CanvasSampler {
    return new CanvasSampler({
      known: () => this.rrweb.elementsOf("canvas") as HTMLCanvasElement[],
      idOf: (node) => this.rrweb.idOf(node),
      isWithheld: (canvas) => this.isWithheld(canvas) || this.masking.mask.isMasked("text", canvas),
      emit: (event) => this.guard(() => this.rrweb.emit(event)),
      guard: (work) => this.guard(work),
      note: (problem) => this.problems.note(problem),
    });
  }

  private makePipeline(): (event: RrwebEvent) => void {
    return eventPipeline({
      rrweb: this.rrweb,
      sanitizer: () => this.masking.sanitizer,
      maxEventBytes: this.limits.maxEventLength,
      onFrame: (document) => {
        this.watcher.addFrame(document);
        this.onFrame(document);
        this.frames.addDocument(document);
        this.idle.watch(document);
      },
      onCut: (what) => this.problems.note(`too large for a replay, and cut: ${what}`),
      send: (event, toJson) => {
        if (this.page.applyBackgroundColorToBlockedElements) colorBlocked(event);
        this.deliver(event, toJson);
      },
    });
  }

  /** Hands over what the host's filter leaves of an event, which is masked by now. */
  private deliver(event: RrwebEvent, toJson: ToJson): void {
    const left = this.filter.apply(event);
    if (left) this.delivery.add(left, toJson);
  }

  private rrwebOptions(): RrwebOptions {
    return rrwebOptions(this.page, {
      privacy: () => this.masking.privacy,
      mask: () => this.masking.mask,
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

  /** Whether rrweb is to run. */
  private get isActive(): boolean {
    return this.state === "starting" || this.state === "recording";
  }

  private resumeIfReady(): void {
    if (this.isActive && this.watcher.isReady) this.rrweb.resume();
  }

  private pause(): void {
    this.idle.stop();
    this.suspend("off");
  }

  /** Nobody uses the page: the next thing that a user does begins with a full snapshot. */
  private onIdle(): void {
    if (this.isActive) this.suspend("idle");
  }

  private suspend(state: "off" | "idle"): void {
    // What changed in this very turn came before.
    this.guard(() => this.state === "recording" && this.rrweb.drain());
    this.observers.pause();
    this.state = state;
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    this.resnapshot.cancel();
    this.missed.reset();
    this.rrweb.pause();
    this.frames.pause();
    this.canvases.stop();
  }

  private onEvent(event: RrwebEvent): void {
    const isSnapshot = event.type === EventType.FullSnapshot;
    if (!this.isActive) return;
    // What precedes the first full snapshot can't be drawn.
    if (this.state === "starting" && !isSnapshot && event.type !== EventType.Meta) return;
    if (isSnapshot && !document.documentElement) return;
    if (isSnapshot) this.onFullSnapshot();
    if (isMutation(event)) this.missed.onMutation();
    this.observers.onEvent(event);
    this.process(event);
    if (isSnapshot) this.masking.onFullSnapshot();
    // A Meta event begins a full snapshot: no other is needed.
    else if (event.type !== EventType.Meta) this.renewIfTooLoose();
    if (isSnapshot) this.observers.start();
    if (isSnapshot) this.frames.onFullSnapshot();
    if (isSnapshot) this.canvases.start(this.page.canvasesPerSecond);
    if (this.checkout.isDue(event, this.page.fullSnapshotIntervalMs)) this.takeFullSnapshot();
  }

  /** Not where the page has left the stricter address by then: a full snapshot would show what was masked there. */
  private renewIfTooLoose(): void {
    if (this.masking.isTooLoose) this.resnapshot.request(document, () => this.masking.isStillTooLoose);
  }

  private onFullSnapshot(): void {
    this.state = "recording";
    this.styles.reset();
    this.missed.onFullSnapshot();
    this.monitor.onFullSnapshot();
    noteOpenPopovers(this.problems);
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
      if (this.missed.check() || this.filter.lacksSnapshot) this.rrweb.takeFullSnapshot();
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

  /** Our errors stay ours, and so does what is logged or asked of a server meanwhile. */
  private guard(work: () => void): void {
    try {
      asOwnWork(work);
    } catch (error) {
      this.note(error);
    }
  }

  private note(error: unknown): void {
    this.problems.note(String(error));
  }
}

const objectOr = (config: unknown): Record<string, unknown> => (isObject(config) ? config : {});

/** Whether rrweb has observed a change of a document. It describes frames unasked. */
const isMutation = ({ type, data }: RrwebEvent) =>
  type === EventType.Incremental && data.source === Source.Mutation && !data.isAttachIframe;
