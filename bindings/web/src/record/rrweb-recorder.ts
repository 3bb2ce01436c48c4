// One rrweb for the life of the document, which can be paused. It is never stopped: its `stop` restores the browser's
// functions over whatever the page has wrapped around them since, and is not safe while rrweb emits an event.

import { record } from "rrweb";
import { rememberListeners } from "../dom/listeners";
import { getElementsByTagName } from "../dom/native-dom";
import type { RrwebEvent } from "../model/rrweb-event";
import { hideLongStyles, longStylesIn } from "../styles/long-styles";
import { keepAttachShadow } from "./attach-shadow";
import { PausableObservers } from "./pausable-observers";
import "./rrweb-notice";

export type RrwebOptions = Omit<NonNullable<Parameters<typeof record>[0]>, "emit">;

/** rrweb's own numbers for the nodes and style sheets of a frame of another origin, by the numbers that its recorder gives them. */
export interface FrameMirrors {
  node: FrameMirror;
  style: FrameMirror;
}
interface FrameMirror {
  getId(frame: HTMLIFrameElement, remoteId: number): number;
  reset(frame?: HTMLIFrameElement): void;
}

export class RrwebRecorder {
  /** Known once rrweb has started. */
  frameMirrors: FrameMirrors | null = null;
  private readonly observers = new PausableObservers();
  private isPaused = true;
  private hasStarted = false;
  private isEmitting = false;
  /** Undoes what was hidden from rrweb while its observers run. */
  private showStyles: (() => void) | null = null;

  constructor(
    /** Read when rrweb starts, which it does once. */
    public options: RrwebOptions,
    private readonly onEvent: (event: RrwebEvent) => void,
  ) {
    this.observers.before = (records) => {
      this.showStyles = hideLongStyles(longStylesIn(records));
    };
    this.observers.after = () => {
      this.showStyles?.();
      this.showStyles = null;
    };
  }

  /** Emits events, beginning with a full snapshot. There has to be a document. */
  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    if (!this.hasStarted) return this.start();
    this.observers.resume();
    this.takeFreshSnapshot();
  }

  /** Emits what has changed until now. Not while an event is being emitted. */
  drain(): void {
    if (!this.isPaused && !this.isEmitting) this.observers.drain();
  }

  /** From now on nothing is emitted, and rrweb observes nothing. */
  pause(): void {
    this.isPaused = true;
    this.observers.pause();
  }

  takeFullSnapshot(): void {
    // A document without a root element can't be drawn: the player throws.
    if (this.isPaused || !document.documentElement) return;
    if (!this.hasStarted) return this.start();
    const showStyles = hideLongStyles([...getElementsByTagName.call(document, "style"), ...mirroredElements("style")]);
    try {
      keepAttachShadow(() => record.takeFullSnapshot(true));
    } finally {
      showStyles();
    }
  }

  /** A full snapshot of a document that may have nothing in common with the one that rrweb knows. */
  takeFreshSnapshot(): void {
    forgetRemovedNodes();
    this.takeFullSnapshot();
  }

  /** Passes on an event of rrweb's, or one that is to count as such. */
  emit(event: RrwebEvent): void {
    if (this.isPaused) return;
    this.isEmitting = true;
    try {
      this.onEvent(event);
    } finally {
      this.isEmitting = false;
    }
  }

  /** Runs `work` now, or after the event that is being emitted: until then rrweb must not be called. */
  whenIdle(work: () => void): void {
    if (this.isEmitting) queueMicrotask(work);
    else work();
  }

  /** The page's node with rrweb's number. */
  readonly nodeOf = (id: number): Node | null => record.mirror.getNode(id);
  /** rrweb's number of a node: −1 of one that it does not know, −2 of one that it leaves out. */
  readonly idOf = (node: Node): number => record.mirror.getId(node);
  /** What rrweb has recorded of a node. */
  readonly metaOf = (node: Node) => record.mirror.getMeta(node) as { isShadowHost?: boolean } | null;

  /** The elements of a tag, wherever they are: a search through all nodes that rrweb knows. */
  readonly elementsOf = (tag: "iframe" | "canvas"): Element[] => mirroredElements(tag);

  private mirrorPlugin() {
    return {
      name: "session-replay/frames@1",
      options: {},
      getMirror: (mirrors: { crossOriginIframeMirror: FrameMirror; crossOriginIframeStyleMirror: FrameMirror }) => {
        this.frameMirrors = { node: mirrors.crossOriginIframeMirror, style: mirrors.crossOriginIframeStyleMirror };
      },
    };
  }

  private start(): void {
    this.observers.resume();
    const showStyles = hideLongStyles(getElementsByTagName.call(document, "style"));
    const stopRemembering = rememberListeners([document, window]);
    const attachShadow = Object.getOwnPropertyDescriptor(Element.prototype, "attachShadow");
    try {
      const options = { ...this.options, plugins: [this.mirrorPlugin()], emit: (event: unknown) => this.emit(event as RrwebEvent) };
      this.hasStarted = this.observers.during(() => record(options) !== undefined);
    } finally {
      stopRemembering();
      showStyles();
    }
    // rrweb failed and is started again later: without this each attempt would add one more wrapper.
    if (!this.hasStarted && attachShadow) Object.defineProperty(Element.prototype, "attachShadow", attachShadow);
    if (this.isPaused) this.observers.pause();
  }
}

/** Nodes that were removed while rrweb was paused would stay in its mirror, and in memory, for ever. */
function forgetRemovedNodes(): void {
  const { mirror } = record;
  for (const id of mirror.getIds()) {
    const node = mirror.getNode(id);
    const isRemoved = node && (!node.isConnected || (node.ownerDocument ?? (node as Document)).defaultView === null);
    if (isRemoved) mirror.removeNodeFromMap(node);
  }
}

/** The elements of a tag in rrweb's mirror, which has those in shadow trees and frames, too. */
function mirroredElements(tag: string): Element[] {
  const { mirror } = record;
  return mirror.getIds().flatMap((id) => {
    const node = mirror.getNode(id);
    return node?.nodeName.toLowerCase() === tag ? [node as Element] : [];
  });
}
