// This document's link to the main process: registers the document, applies its state, and sends what is recorded.
import type { IpcRenderer } from "electron";
import {
  type BeforeRecord,
  checkAddress,
  listen,
  onAddressChange,
  Recorder,
  seesAllChanges,
  type SendResult,
} from "../../../../web/src/index";
import type { SessionId } from "../../model/ids.js";
import { folderHider } from "../app-folder.js";
import {
  CHANNELS,
  NO_LEASE,
  NO_SESSION,
  type Call,
  type DocumentId,
  type Lease,
  type Reply,
  type SessionState,
  type State,
} from "../messages.js";
import { observersOf } from "./main-world/observers.js";

/** Frames don't come while the window is hidden. */
const MAX_FRAME_MS = 100;
/** The first and the longest pause between registrations that are not answered: `attach` may come late. */
const REGISTER_BACKOFF_MS = 250;
const MAX_REGISTER_BACKOFF_MS = 5_000;
/** How often the address is looked at where no event tells of each change: in pages without an origin, and before Chromium 102. */
const ADDRESS_POLL_MS = 1_000;
/** The first and the longest pause of the recorder after events were lost. */
const LOSS_BACKOFF_MS = 5_000;
const MAX_LOSS_BACKOFF_MS = 300_000;

export class Link {
  readonly document = newDocumentId();
  session: SessionState = NO_SESSION;
  pageConfig: State["pageConfig"] = {};
  /** Called for another session, and when the library asks for a full snapshot. */
  onSession: (sessionId: SessionId) => void = () => {};
  onNeedsFullSnapshot: () => void = () => {};
  /** Called with each state that the main process sends. */
  onState: () => void = () => {};
  readonly recorder: Recorder;
  #lease: Lease = NO_LEASE;
  #mayRecord = false;
  #isStopped = false;
  #isShutDown = false;
  #isAnswered = false;
  /** Takes the app's folder out of what is sent. */
  #hideFolder: (text: string) => string = (text) => text;
  #configJson = "{}";
  /** Calls under way: their replies are newer than any state that was sent before. */
  #pendingCalls = 0;

  constructor(private readonly ipc: IpcRenderer) {
    this.recorder = new Recorder({
      send: (lines) => this.#send(lines),
      schedule: perFrame,
      rewrite: (json) => this.#hideFolder(json),
      lost: (loss, times) => loss !== "by-host" && this.#restartAfterLoss(times),
      beforeRecord,
      maxMessageLength: 1_000_000,
      observers: observersOf(this.document),
    });
    ipc.on(CHANNELS.state, (_event, state: State) => this.#applyState(state));
    ipc.on(CHANNELS.snapshot, (_event, lease: Lease) => {
      if (lease !== this.#lease) return;
      this.recorder.takeFullSnapshot();
      this.onNeedsFullSnapshot();
    });
    onAddressChange(() => ipc.send(CHANNELS.address, this.document, location.href));
    if (!seesAllChanges()) setInterval(checkAddress, ADDRESS_POLL_MS);
    listen(window, "pageshow", (event) => (event as PageTransitionEvent).persisted && this.register());
  }

  /** Registers this document, again and again until the main process answers. */
  register(wait = REGISTER_BACKOFF_MS): void {
    this.#isAnswered = false;
    this.ipc.send(CHANNELS.register, this.document, location.href);
    setTimeout(() => this.#isAnswered || this.register(Math.min(wait * 2, MAX_REGISTER_BACKOFF_MS)), wait);
  }

  /** Says where the guests of the page lie. */
  sendGuests(text: string): void {
    this.ipc.send(CHANNELS.guests, this.document, text);
  }

  async call(name: Call, given: unknown[]): Promise<Reply> {
    // What was recorded before a call belongs to the session before it.
    this.recorder.flushNow();
    this.#pendingCalls++;
    try {
      const reply = (await this.ipc.invoke(CHANNELS.call, name, JSON.stringify(given))) as Reply;
      this.#pendingCalls--;
      this.#setSession(reply.state);
      return reply;
    } catch {
      this.#pendingCalls--;
      const message = "the main process does not answer: call attach() of session-replay-native/electron/main there";
      return { ok: false, status: "not-initialized", message, state: this.session };
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.recorder.stop();
  }

  /** Stops until {@link restart}. */
  shutdown(): void {
    this.#isShutDown = true;
    this.stop();
  }

  /** Starts again after {@link shutdown}; after {@link stop} only {@link start} does. */
  restart(): void {
    if (this.#isShutDown) this.start();
    this.#isShutDown = false;
  }

  start(): void {
    this.#isStopped = false;
    if (this.#mayRecord) this.recorder.start();
  }

  get isRecording(): boolean {
    return this.recorder.isRecording;
  }

  #applyState({ document, lease, pageConfig, pageOptions, rewrite, ...session }: State): void {
    if (document !== this.document) return;
    this.#isAnswered = true;
    this.onState();
    if (rewrite && location.protocol === "file:") this.#hideFolder = folderHider(...rewrite, location.href);
    this.#setSession(session);
    this.recorder.setPageOptions(pageOptions);
    this.#setConfig(pageConfig);
    this.#mayRecord = lease !== NO_LEASE;
    // Events that are not sent yet still belong to the old lease.
    if (lease === NO_LEASE) return this.recorder.stop();
    if (lease === this.#lease) return;
    this.recorder.stop();
    this.recorder.clear();
    this.#lease = lease;
    if (!this.#isStopped) this.recorder.start();
  }

  /** Tries again: what was too large, or too much, may have changed. */
  #restartAfterLoss(times: number): void {
    const wait = Math.min(MAX_LOSS_BACKOFF_MS, LOSS_BACKOFF_MS * 2 ** (times - 1));
    setTimeout(() => this.#mayRecord && !this.#isStopped && this.recorder.start(), wait);
  }

  #setConfig(pageConfig: State["pageConfig"]): void {
    const json = JSON.stringify(pageConfig);
    if (json === this.#configJson) return;
    this.#configJson = json;
    this.pageConfig = pageConfig;
    this.recorder.setConfig(pageConfig);
  }

  #setSession(session: SessionState): void {
    if (this.#pendingCalls > 0) return;
    const before = this.session.sessionId;
    this.session = session;
    if (session.sessionId !== null && session.sessionId !== before) this.onSession(session.sessionId);
  }

  #send(lines: string): Promise<SendResult> {
    return this.ipc.invoke(CHANNELS.events, this.document, this.#lease, lines) as Promise<SendResult>;
  }
}

/** What the app's own preload script may have set, in the world that it shares with this one. */
const beforeRecord = (): BeforeRecord | undefined =>
  (window as { sessionReplayRecorderOptions?: { beforeRecord?: BeforeRecord } }).sessionReplayRecorderOptions?.beforeRecord;

const newDocumentId = (): DocumentId =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-") as DocumentId;

/** Flushes once a frame, so that what is recorded within one goes as one message. */
function perFrame(flush: () => void): void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    flush();
  };
  requestAnimationFrame(once);
  setTimeout(once, MAX_FRAME_MS);
}
