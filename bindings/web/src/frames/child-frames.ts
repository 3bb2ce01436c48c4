// The frames of this page whose documents are of another origin, and have recorders of their own: answers them, and says when to
// record. What they send is the business of each (child-frame.ts).

import { listen } from "../dom/listeners";
import { getElementsByTagName } from "../dom/native-dom";
import { ChildFrame, FrameAllowance, type FrameHost } from "./child-frame";
import { FRAME_MESSAGE, isAllowed, windowMessage } from "./protocol";

const MAX_FRAMES = 100;
/** How often at most the whole document is searched for the element of a frame. */
const SEARCH_INTERVAL_MS = 1_000;

export interface FramesHost extends FrameHost {
  /** All elements with a frame that rrweb knows, in shadow trees and frames of this origin, too. A search through all its nodes. */
  frameElements(): Element[];
}

export class ChildFrames {
  private readonly frames = new Map<Element, ChildFrame>();
  private readonly allowances = new WeakMap<Element, FrameAllowance>();
  private readonly heard = new WeakSet<Window>();
  private searchedAt = -Infinity;

  /** `allowedOrigins`: of the frames that take part; null: any. */
  constructor(
    private readonly host: FramesHost,
    private readonly allowedOrigins: readonly string[] | null,
  ) {
    this.listenTo(window);
  }

  /** Frames in a document of this origin greet the window of that. */
  listenTo(window: Window): void {
    if (this.heard.has(window)) return;
    this.heard.add(window);
    listen(window, "message", (event) => this.onMessage(event as MessageEvent));
  }

  /** After a full snapshot of the page nothing is left of its frames' documents in the replay. */
  onFullSnapshot(): void {
    for (const frame of this.frames.values()) {
      if (frame.element.isConnected) frame.record();
      else this.forget(frame);
    }
    for (const element of this.host.frameElements().slice(0, MAX_FRAMES)) {
      if (!this.frames.has(element)) post(windowOf(element), { type: FRAME_MESSAGE, action: "ready" }, "*");
    }
  }

  pause(): void {
    for (const frame of this.frames.values()) frame.pause();
  }

  private onMessage({ data, source, origin }: MessageEvent): void {
    if (windowMessage(data) !== "hello" || source === null || !this.host.isRecording()) return;
    if (!isAllowed(origin, this.allowedOrigins)) return;
    const element = this.elementOf(source as Window);
    if (element && this.allowanceOf(element).mayConnect()) this.connect(element, origin);
  }

  private connect(element: Element, origin: string): void {
    const before = this.frames.get(element);
    // Another document in the same element, which then has been described anew by its own recorder.
    if (before) this.forget(before);
    for (const frame of this.frames.values()) if (!frame.element.isConnected) this.forget(frame);
    if (this.frames.size >= MAX_FRAMES) return this.host.note(`only ${MAX_FRAMES} frames of other origins are recorded`);
    const { port1, port2 } = new MessageChannel();
    const frame: ChildFrame = new ChildFrame(element, origin, port1, this.host, this.allowanceOf(element), () => this.forget(frame));
    this.frames.set(element, frame);
    // An opaque origin can't be named; the port goes to the window that said hello.
    const target = origin === "null" ? "*" : origin;
    post(windowOf(element), { type: FRAME_MESSAGE, action: "connect" }, target, [port2]);
    frame.record();
  }

  private allowanceOf(element: Element): FrameAllowance {
    const allowance = this.allowances.get(element) ?? new FrameAllowance();
    this.allowances.set(element, allowance);
    return allowance;
  }

  private forget(frame: ChildFrame): void {
    if (this.frames.get(frame.element) !== frame) return;
    this.frames.delete(frame.element);
    frame.clear();
  }

  private elementOf(source: Window): Element | null {
    const shows = (element: Element) => windowOf(element) === source;
    const near = [...getElementsByTagName.call(document, "iframe")].find(shows);
    if (near) return this.host.idOf(near) > 0 ? near : null;
    const now = performance.now();
    if (now - this.searchedAt < SEARCH_INTERVAL_MS) return null;
    this.searchedAt = now;
    return this.host.frameElements().find(shows) ?? null;
  }
}

const windowOf = (element: Element): Window | null => (element as HTMLIFrameElement).contentWindow;

function post(target: Window | null, message: object, origin: string, ports: MessagePort[] = []): void {
  try {
    target?.postMessage(message, origin, ports);
  } catch {
    // The frame is gone, or shows a document that takes no messages.
  }
}
