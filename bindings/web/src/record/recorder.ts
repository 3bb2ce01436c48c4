// Records the page with rrweb: masked, in JSON lines, handed to whoever sends them. Never throws into the page.

import { DocumentWatch } from "./document-watcher";
import { type Facts, PATIENCE_MS, troubles, unheardOf } from "./health";
import { Frames } from "./frame-documents";
import { Gate } from "./rrweb-recorder";
import { toJson } from "../send/json";
import { listen } from "../dom/listeners";
import { Mask } from "../privacy/mask";
import { Outbox, type Loss, type OutboxLimits, type Send } from "../send/outbox";
import { jsonWithin } from "./oversize";
import { PageErrors } from "./page-errors";
import { readPageOptions, type PageOptions } from "./page-options";
import { noteOpenPopovers, watchPopovers } from "./popovers";
import { isConfig, readPrivacy, type Privacy } from "../privacy/config";
import { Problems } from "./problem-log";
import { rrwebOptions } from "./rrweb-options";
import { CUSTOM, FULL_SNAPSHOT, INCREMENTAL, INPUT, META, MUTATION, type RrwebEvent, Scrub } from "../privacy/sanitizer";
import { ShadowRoots } from "./shadow-roots";
import { StyleTexts } from "../styles/style-sources";
import { Unheard } from "./missed-changes";

export interface RecorderOptions extends Partial<OutboxLimits> {
  /** Where messages go. */
  send: Send;
  /** Calls back once it is time to send what has been gathered. */
  schedule: (flush: () => void) => void;
  /**
   * Called when events were lost and recording has stopped, with how often that happened since the host took anything;
   * `start` begins anew.
   */
  lost?: (loss: Loss, times: number) => void;
  /** Changes an event's text at last, such as the paths of files in it. */
  rewrite?: (json: string) => string;
  privacyConfig?: unknown;
  pageOptions?: unknown;
}

const DEFAULTS: OutboxLimits = { maxMessageLength: 256 * 1024, maxQueueLength: 16_000_000, maxEventLength: 9_000_000 };

/** rrweb's source of changes of a style sheet's rules. */
const STYLE_SHEET_RULE = 8;
/** How often a page whose document is replaced again and again is described anew. */
const LEAST_BETWEEN_ANEW_MS = 1_000;
/** By this tag the library knows what the recorder says of itself. */
const STATUS_TAG = "session-replay-recorder";

export class Recorder {
  private readonly limits: OutboxLimits;
  private readonly outbox: Outbox;
  private readonly problems = new Problems();
  private readonly styles = new StyleTexts((sheet) =>
    this.problems.note(`the text of ${sheet} is not at hand: shorthands with var() in it are lost beside their longhands`),
  );
  private readonly errors = new PageErrors((sheet, text, isAll) => this.styles.wrote(sheet, text, isAll));
  private readonly gate: Gate;
  private readonly shadows: ShadowRoots;
  private readonly frames: Frames;
  private readonly unheard: Unheard;
  private readonly watch: DocumentWatch;
  private privacy: Privacy;
  private mask: Mask;
  private scrub: Scrub;
  private page: PageOptions;
  private isOn = false;
  /** A full snapshot went out since recording began. */
  private hasSnapshot = false;
  private onSince = 0;
  private dropped: string | null = null;
  private losses = 0;
  private isEmitting = false;
  private scheduled = false;
  private lastAnew = -Infinity;
  private anewTimer: ReturnType<typeof setTimeout> | undefined;
  private timers: ReturnType<typeof setInterval>[] = [];
  private toldHost = "[]";

  constructor(private readonly options: RecorderOptions) {
    this.privacy = readPrivacy(options.privacyConfig);
    this.page = readPageOptions(options.pageOptions);
    this.limits = withDefaults(options);
    this.outbox = new Outbox((lines) => this.send(lines), this.limits, (loss) => this.onLost(loss));
    this.gate = this.makeGate();
    this.mask = new Mask(this.privacy);
    this.scrub = this.makeScrub();
    this.shadows = new ShadowRoots(this.gate);
    this.frames = new Frames(this.gate);
    this.unheard = new Unheard(this.gate, (element) => this.mask.blocks(element));
    this.watch = new DocumentWatch((of) => this.guard(() => this.onReplaced(of)));
    listen(window, "pagehide", () => this.flushNow());
    listen(window, "pageshow", (event) => (event as PageTransitionEvent).persisted && this.takeFullSnapshot());
    listen(window, "focus", () => this.page.captureFullSnapshotOnFocus && this.takeFullSnapshot());
    listen(document, "visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    listen(document, "DOMContentLoaded", () => this.guard(() => this.openIfReady()));
    listen(document, "prerenderingchange", () => this.guard(() => this.openIfReady()));
    watchPopovers(this.problems);
  }

  get isRecording(): boolean {
    return this.isOn;
  }

  /** Begins, or begins again, with a full snapshot as soon as there is a document. */
  start(): void {
    this.guard(() => {
      if (this.isOn) return;
      this.isOn = true;
      this.onSince = performance.now();
      this.errors.watch();
      this.timers = [setInterval(() => this.guard(() => this.check()), PATIENCE_MS)];
      const { fullSnapshotIntervalMs: every } = this.page;
      if (every > 0) this.timers.push(setInterval(() => this.takeFullSnapshot(), every));
      this.whenQuiet(() => this.openIfReady());
    });
  }

  /** Stops, and sends what there is. */
  stop(): void {
    this.guard(() => {
      this.shut();
      this.outbox.flush();
    });
  }

  takeFullSnapshot(): void {
    this.whenQuiet(() => {
      // Before the first event, the first full snapshot is still to come.
      if (this.isOn && this.hasSnapshot) this.gate.takeFullSnapshot();
    });
  }

  /** Masks from now on as this says; what is masked differently shows with the next full snapshot, taken at once. */
  setPrivacyConfig(config: unknown): void {
    this.guard(() => {
      if (!isConfig(config)) {
        this.problems.note("setPrivacyConfig was given no object: what was masked before is masked still");
        return;
      }
      this.privacy = readPrivacy(config);
      this.mask = new Mask(this.privacy);
      this.scrub = this.makeScrub();
      this.takeFullSnapshot();
    });
  }

  /** What the browser SDK's options say about the recording; heeded until it begins for the first time. */
  setPageOptions(options: unknown): void {
    this.guard(() => {
      this.page = readPageOptions(options);
      this.gate.options = this.rrwebOptions();
    });
  }

  /** Adds an event that is not rrweb's, in one line of JSON; false: nothing is being recorded now. */
  add(json: string): boolean {
    if (!this.isOn || !this.hasSnapshot) return false;
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
    const facts = this.facts();
    return {
      recording: this.isOn,
      ...this.outbox.stats(),
      problems: [...this.privacy.problems, ...troubles(facts), ...unheardOf(facts), ...this.problems.all],
    };
  }

  private makeGate(): Gate {
    return new Gate(this.rrwebOptions(), (event) => this.guard(() => this.emit(event)));
  }

  private makeScrub(): Scrub {
    return new Scrub(this.mask, this.styles, (id) => this.gate.nodeOf(id));
  }

  private rrwebOptions(): Gate["options"] {
    return rrwebOptions(this.page, {
      privacy: () => this.privacy,
      mask: () => this.mask,
      isPages: (error) => this.errors.has(error),
      note: (error) => this.note(error),
    });
  }

  /** A page that is prerendered is seen by nobody, and one that is loading has no document yet. */
  private openIfReady(): void {
    if (!this.isOn || (document as { prerendering?: boolean }).prerendering) return;
    if (document.readyState === "loading" && !this.watch.isReplaced) return;
    if (document.documentElement) this.gate.open();
  }

  private shut(): void {
    this.isOn = false;
    this.hasSnapshot = false;
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    clearTimeout(this.anewTimer);
    this.anewTimer = undefined;
    this.unheard.forget();
    this.gate.shut();
  }

  private emit(event: RrwebEvent): void {
    this.isEmitting = true;
    try {
      this.take(event);
    } finally {
      this.isEmitting = false;
    }
  }

  private take(event: RrwebEvent): void {
    const isSnapshot = event.type === FULL_SNAPSHOT;
    // What precedes the first picture can't be drawn.
    if (!this.isOn || (!this.hasSnapshot && !isSnapshot && event.type !== META)) return;
    if (isSnapshot && !document.documentElement) return;
    if (isSnapshot) this.styles.forget();
    const isMutation = event.type === INCREMENTAL && event.data.source === MUTATION;
    if (isSnapshot) this.unheard.described();
    if (isMutation && !event.data["isAttachIframe"]) this.unheard.heard();
    const frames = this.frames.documentsIn(event);
    for (const frame of frames) this.watch.addFrame(frame);
    if (this.frames.areRepeated(frames)) return;
    for (const told of this.shadows.before(event)) this.pass(told);
    if (isSnapshot) {
      this.hasSnapshot = true;
      this.dropped = null;
      noteOpenPopovers(this.problems);
    }
    this.pass(event);
  }

  private pass(event: RrwebEvent): void {
    if (!this.scrub.pass(event)) return;
    const tagOf = (id: number) => (this.gate.nodeOf(id) as Element | null)?.localName ?? "";
    const cut = (what: string) => this.problems.note(`too large for a replay, and cut: ${what}`);
    this.put(jsonWithin(event, this.limits.maxEventLength, tagOf, cut));
  }

  private changed(element: Element, data: object): void {
    this.guard(() => {
      const id = this.gate.idOf(element);
      if (id > 0) this.emit({ type: INCREMENTAL, timestamp: Date.now(), data: { ...data, id } });
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

  private send(lines: string): ReturnType<Send> {
    const answer = this.options.send(lines);
    if (answer === "taken") this.losses = 0;
    return answer;
  }

  private onLost(loss: Loss): void {
    this.losses++;
    if (loss === "too-large") this.dropped = `an event of more than ${this.limits.maxEventLength} bytes was dropped, and recording rests`;
    this.shut();
    if (this.dropped !== null) queueMicrotask(() => this.guard(() => this.tellHost(troubles(this.facts()))));
    this.options.lost?.(loss, this.losses);
  }

  /** Another root element: rrweb knows nothing of what is in it. */
  private onReplaced(of: Document): void {
    if (!this.isOn || this.anewTimer !== undefined) return;
    const wait = of === document ? 0 : LEAST_BETWEEN_ANEW_MS / 4;
    const due = Math.max(wait, this.lastAnew + LEAST_BETWEEN_ANEW_MS - performance.now());
    this.anewTimer = setTimeout(() => {
      this.anewTimer = undefined;
      this.guard(() => this.beginAnew(of));
    }, due);
  }

  private beginAnew(of: Document): void {
    if (!this.isOn) return;
    // A frame that has gone since. One whose document was closed has been described by itself, and the player, which
    // knows that document, makes nothing of it.
    if (!of.defaultView) return;
    // The next root element is heard of, too.
    if (!document.documentElement) return;
    this.lastAnew = performance.now();
    if (this.hasSnapshot) this.whenQuiet(() => this.gate.beginAnew());
    else this.openIfReady();
  }

  /** Now and then: is anything of use being recorded? */
  private check(): void {
    if (this.hasSnapshot && this.unheard.look()) this.gate.takeFullSnapshot();
    else if (!this.hasSnapshot) this.openAgain();
    this.tellHost(troubles(this.facts()));
  }

  private openAgain(): void {
    this.openIfReady();
    if (!this.hasSnapshot) this.gate.takeFullSnapshot();
  }

  private facts(): Facts {
    const isWaiting = this.isOn && !this.hasSnapshot && !(document as { prerendering?: boolean }).prerendering;
    return {
      withoutSnapshotMs: isWaiting ? performance.now() - this.onSince : null,
      isLoading: document.readyState === "loading",
      isRootless: this.isOn && document.readyState !== "loading" && !document.documentElement,
      waitingMs: this.outbox.waitingMs,
      isUnheard: this.isOn && this.unheard.isSo,
      dropped: this.dropped,
    };
  }

  /** The library tells whoever asks for its stats. */
  private tellHost(problems: string[]): void {
    const kinds = problems.map((problem) => problem.replace(/\d+/g, "")).join();
    if (kinds === this.toldHost || (problems.length === 0 && this.toldHost === "[]")) return;
    this.toldHost = problems.length === 0 ? "[]" : kinds;
    // In this order: the library knows it by how it begins.
    this.put(toJson({ type: CUSTOM, data: { tag: STATUS_TAG, payload: { problems } }, timestamp: Date.now() }));
  }

  /** Not within rrweb's own emit, where it is not safe to ask it for anything. */
  private whenQuiet(work: () => void): void {
    if (this.isEmitting) queueMicrotask(() => this.guard(work));
    else this.guard(work);
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
    this.problems.note(String(error));
  }
}

function withDefaults(options: Partial<OutboxLimits>): OutboxLimits {
  const number = (key: keyof OutboxLimits) => {
    const given = options[key];
    return typeof given === "number" && given > 0 ? given : DEFAULTS[key];
  };
  return {
    maxMessageLength: number("maxMessageLength"),
    maxQueueLength: number("maxQueueLength"),
    maxEventLength: number("maxEventLength"),
  };
}
