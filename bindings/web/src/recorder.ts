// Records the page with rrweb: masked, in JSON lines, handed to whoever sends them. Never throws into the page.

import { record } from "rrweb";
import "./rrweb-notice";
import { toJson } from "./json";
import { Mask } from "./mask";
import { Outbox, type OutboxLimits, type Send } from "./outbox";
import { PageErrors } from "./page-errors";
import { readPageOptions, type PageOptions } from "./page-options";
import { BLOCK_CLASS, readPrivacy, type Privacy } from "./privacy";
import { FULL_SNAPSHOT, INCREMENTAL, INPUT, META, type RrwebEvent, Scrub } from "./scrub";

export interface RecorderOptions extends Partial<OutboxLimits> {
  /** Where messages go. */
  send: Send;
  /** Calls back once it is time to send what has been gathered. */
  schedule: (flush: () => void) => void;
  /** Called when events were lost and recording has stopped; `start` begins anew. */
  lost?: () => void;
  /** Changes an event's text at last, such as the paths of files in it. */
  rewrite?: (json: string) => string;
  privacyConfig?: unknown;
  pageOptions?: unknown;
}

const DEFAULTS: OutboxLimits = { maxMessageLength: 256 * 1024, maxQueueLength: 16_000_000, maxEventLength: 9_000_000 };

/** rrweb's source of changes of a style sheet's rules. */
const STYLE_SHEET_RULE = 8;

/** What rrweb draws nothing from. The browser SDK leaves out the same. */
const SLIM = {
  script: true,
  comment: true,
  headFavicon: true,
  headWhitespace: true,
  headMetaDescKeywords: true,
  headMetaSocial: true,
  headMetaRobots: true,
  headMetaHttpEquiv: true,
  headMetaAuthorship: true,
  headMetaVerification: true,
};

export class Recorder {
  private readonly outbox: Outbox;
  private readonly errors = new PageErrors();
  private privacy: Privacy;
  private page: PageOptions;
  private halt: (() => void) | null = null;
  private emit: ((event: RrwebEvent) => void) | null = null;
  private begun = false;
  private scheduled = false;
  private problems: string[] = [];

  constructor(private readonly options: RecorderOptions) {
    this.privacy = readPrivacy(options.privacyConfig);
    this.page = readPageOptions(options.pageOptions);
    const limits = { ...DEFAULTS, ...options };
    this.outbox = new Outbox(options.send, limits, () => this.onLost());
    addEventListener("pagehide", () => this.flushNow());
    addEventListener("pageshow", (event) => event.persisted && this.takeFullSnapshot());
    addEventListener("focus", () => this.page.captureFullSnapshotOnFocus && this.takeFullSnapshot());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
  }

  get isRecording(): boolean {
    return this.halt !== null;
  }

  /** Begins, or begins again, with a full snapshot as soon as there is a document. */
  start(): void {
    this.guard(() => {
      if (!this.halt) this.halt = this.record();
    });
  }

  /** Stops, and sends what there is. */
  stop(): void {
    this.guard(() => {
      this.end();
      this.outbox.flush();
    });
  }

  takeFullSnapshot(): void {
    this.guard(() => {
      // Before the first event, the first full snapshot is still to come.
      if (this.halt && this.begun) record.takeFullSnapshot(true);
    });
  }

  /** Masks from now on as this says; what is masked differently shows with the next full snapshot, taken at once. */
  setPrivacyConfig(config: unknown): void {
    this.guard(() => {
      this.privacy = readPrivacy(config);
      if (!this.halt) return;
      this.end();
      this.halt = this.record();
    });
  }

  /** What the browser SDK's options say about the recording; heeded from its next start on. */
  setPageOptions(options: unknown): void {
    this.guard(() => (this.page = readPageOptions(options)));
  }

  /** Adds an event that is not rrweb's, in one line of JSON; false: nothing is being recorded now. */
  add(json: string): boolean {
    if (!this.halt || !this.begun) return false;
    this.guard(() => this.put(json));
    return true;
  }

  /** For hosts whose rrweb does not see what the page's scripts do: a script has set a field's value. */
  valueChanged(field: Element): void {
    const { value, checked, type } = field as HTMLInputElement;
    const isChecked = (type === "checkbox" || type === "radio") && checked;
    this.changed(field, { source: INPUT, text: String(value), isChecked });
  }

  /** As {@link valueChanged}: a script has changed this element's style sheet; `change` is what rrweb would say, in JSON. */
  rulesChanged(owner: Element, change: string): void {
    this.guard(() => this.changed(owner, { ...(JSON.parse(change) as object), source: STYLE_SHEET_RULE }));
  }

  flush(): void {
    this.guard(() => this.outbox.flush());
  }

  /** Hands over everything without waiting for answers: the page is about to go, or the session to change. */
  flushNow(): void {
    this.guard(() => this.outbox.flushNow());
  }

  /** Forgets what was recorded and not taken yet. */
  clear(): void {
    this.outbox.clear();
  }

  /** Numbers for whoever looks for a fault, and what went wrong, in sentences. */
  status(): object {
    return {
      recording: this.isRecording,
      ...this.outbox.stats(),
      problems: [...this.privacy.problems, ...this.problems],
    };
  }

  private record(): () => void {
    const stopWatching = this.errors.watch();
    const mask = new Mask(this.privacy);
    const scrub = new Scrub(mask, (id) => record.mirror.getNode(id));
    this.begun = false;
    this.emit = (event) => this.take(event, scrub);
    const stop = record({
      emit: (event) => this.guard(() => this.take(event as unknown as RrwebEvent, scrub)),
      blockClass: BLOCK_CLASS,
      ...(this.privacy.blockSelector ? { blockSelector: this.privacy.blockSelector } : {}),
      // Every value and every text comes by, and the mask decides.
      maskInputOptions: { input: true, select: true, textarea: true } as object,
      maskInputFn: (text, element) => mask.value(text, element),
      maskTextSelector: "*",
      maskTextFn: (text, element) => mask.text(text, element),
      slimDOMOptions: SLIM,
      inlineStylesheet: this.page.shouldInlineStylesheet,
      inlineImages: this.page.inlineImages,
      recordAfter: "DOMContentLoaded",
      errorHandler: (error: unknown) => {
        if (this.errors.has(error)) return false;
        this.note(error);
        return true;
      },
    });
    const { fullSnapshotIntervalMs: every } = this.page;
    const timer = every === 0 ? undefined : setInterval(() => this.takeFullSnapshot(), every);
    return () => {
      clearInterval(timer);
      stop?.();
      stopWatching();
    };
  }

  private end(): void {
    const { halt } = this;
    this.halt = null;
    this.emit = null;
    halt?.();
  }

  private take(event: RrwebEvent, scrub: Scrub): void {
    // What precedes the first picture can't be drawn.
    if (!this.begun && event.type !== META && event.type !== FULL_SNAPSHOT) return;
    this.begun = true;
    if (!scrub.pass(event)) return;
    this.put(toJson(event));
  }

  private changed(element: Element, data: object): void {
    this.guard(() => {
      const id = record.mirror.getId(element);
      const { emit } = this;
      if (id > 0) emit?.({ type: INCREMENTAL, timestamp: Date.now(), data: { ...data, id } });
    });
  }

  private put(json: string): void {
    this.outbox.add(this.options.rewrite?.(json) ?? json);
    if (this.outbox.isFull) this.outbox.flush();
    else this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.options.schedule(() =>
      this.guard(() => {
        this.scheduled = false;
        this.outbox.flush();
        if (!this.outbox.isEmpty) this.schedule();
      }),
    );
  }

  private onLost(): void {
    this.end();
    this.options.lost?.();
  }

  /** A fault of ours stays ours. */
  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.note(error);
    }
  }

  private note(error: unknown): void {
    if (this.problems.length < 20) this.problems.push(String(error));
  }
}
