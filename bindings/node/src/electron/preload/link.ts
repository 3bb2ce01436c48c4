// This document's link to the main process: greets it, obeys it, and hands over what is recorded.
import type { IpcRenderer } from "electron";
import type { Answer as Taken } from "../../../../web/src/outbox";
import { listen } from "../../../../web/src/listeners";
import { Recorder } from "../../../../web/src/recorder";
import { CHANNELS, type Call, type Reply, type SessionState, type State } from "../messages.js";

/** Frames don't come while the window is hidden. */
const LONGEST_FRAME_MS = 100;
/** How long after a greeting the next is due while there is no answer: `attach` may come late. */
const GREET_AGAIN_MS = 250;
const GREET_AT_LEAST_EVERY_MS = 5_000;
/** How long the recorder rests after events were lost; each further time twice as long. */
const PATIENCE_MS = 5_000;
const MOST_PATIENCE_MS = 300_000;
const NO_SESSION: SessionState = { sessionId: null, replayId: null, properties: {}, stats: null };

export class Link {
  readonly document = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
  session: SessionState = NO_SESSION;
  privacyConfig: State["privacyConfig"] = {};
  /** Hears of another session, and of a wish for a full snapshot. */
  onSession: (sessionId: number | string) => void = () => {};
  onNeedsFullSnapshot: () => void = () => {};
  readonly recorder: Recorder;
  #grant = 0;
  #mayRecord = false;
  #isStopped = false;
  #isAnswered = false;
  #rewrite: State["rewrite"] = null;
  #privacyJson = "{}";
  /** Calls on their way: their replies know the session better than what was sent before. */
  #calls = 0;

  constructor(private readonly ipc: IpcRenderer) {
    this.recorder = new Recorder({
      send: (lines) => this.#send(lines),
      schedule: perFrame,
      rewrite: (json) => (this.#rewrite ? json.split(this.#rewrite[0]).join(this.#rewrite[1]) : json),
      lost: (loss, times) => loss !== "by-host" && this.#beginAnew(times),
      maxMessageLength: 1_000_000,
    });
    ipc.on(CHANNELS.state, (_event, state: State) => this.#obey(state));
    ipc.on(CHANNELS.snapshot, (_event, grant: number) => {
      if (grant !== this.#grant) return;
      this.recorder.takeFullSnapshot();
      this.onNeedsFullSnapshot();
    });
    listen(window, "pageshow", (event) => (event as PageTransitionEvent).persisted && this.greet());
  }

  /** Says that this document is there, until the main process answers. */
  greet(wait = GREET_AGAIN_MS): void {
    this.#isAnswered = false;
    this.ipc.send(CHANNELS.hello, this.document);
    setTimeout(() => this.#isAnswered || this.greet(Math.min(wait * 2, GREET_AT_LEAST_EVERY_MS)), wait);
  }

  async call(name: Call, given: unknown[]): Promise<Reply> {
    // What was recorded before a call belongs to the session before it.
    this.recorder.flushNow();
    this.#calls++;
    try {
      const reply = (await this.ipc.invoke(CHANNELS.call, name, JSON.stringify(given))) as Reply;
      this.#calls--;
      this.#know(reply.state);
      return reply;
    } catch {
      this.#calls--;
      const message = "the main process does not answer: call attach() of session-replay-native/electron/main there";
      return { ok: false, status: "not-initialized", message, state: this.session };
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.recorder.stop();
  }

  start(): void {
    this.#isStopped = false;
    if (this.#mayRecord) this.recorder.start();
  }

  get isRecording(): boolean {
    return this.recorder.isRecording;
  }

  #obey({ document, grant, privacyConfig, pageOptions, rewrite, ...session }: State): void {
    if (document !== this.document) return;
    this.#isAnswered = true;
    this.#rewrite = location.protocol === "file:" ? rewrite : null;
    this.#know(session);
    this.recorder.setPageOptions(pageOptions);
    this.#mask(privacyConfig);
    this.#mayRecord = grant > 0;
    // What is on its way goes with the old grant.
    if (grant === 0) return this.recorder.stop();
    if (grant === this.#grant) return;
    this.recorder.stop();
    this.recorder.clear();
    this.#grant = grant;
    if (!this.#isStopped) this.recorder.start();
  }

  /** What was too large, or too much, may be so no more. */
  #beginAnew(times: number): void {
    const wait = Math.min(MOST_PATIENCE_MS, PATIENCE_MS * 2 ** (times - 1));
    setTimeout(() => this.#mayRecord && !this.#isStopped && this.recorder.start(), wait);
  }

  #mask(privacyConfig: State["privacyConfig"]): void {
    const json = JSON.stringify(privacyConfig);
    if (json === this.#privacyJson) return;
    this.#privacyJson = json;
    this.privacyConfig = privacyConfig;
    this.recorder.setPrivacyConfig(privacyConfig);
  }

  #know(session: SessionState): void {
    if (this.#calls > 0) return;
    const before = this.session.sessionId;
    this.session = session;
    if (session.sessionId !== null && session.sessionId !== before) this.onSession(session.sessionId);
  }

  #send(lines: string): Promise<Taken> {
    return this.ipc.invoke(CHANNELS.events, this.document, this.#grant, lines) as Promise<Taken>;
  }
}

/** One message for what was recorded within a frame. */
function perFrame(flush: () => void): void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    flush();
  };
  requestAnimationFrame(once);
  setTimeout(once, LONGEST_FRAME_MS);
}
