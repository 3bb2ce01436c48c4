// One rrweb for the life of the document, behind a gate. It is never stopped: its `stop` puts the browser's functions
// back over whatever the page has wrapped around them since, and is not safe while rrweb tells of an event.

import { record } from "rrweb";
import "./rrweb-notice";
import { keepListeners } from "../dom/listeners";
import { Observers } from "./pausable-observers";
import { hideLongStyles, longStylesIn } from "../styles/long-styles";
import type { RrwebEvent } from "../privacy/sanitizer";

type Options = NonNullable<Parameters<typeof record>[0]>;

export class Gate {
  readonly observers = new Observers();
  private isOpen = false;
  private hasBegun = false;
  /** Shows again what was hidden from rrweb while it looked. */
  private showStyles: (() => void) | null = null;

  constructor(
    /** Heeded when rrweb begins, which it does once. */
    public options: Omit<Options, "emit">,
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

  /** Lets events through, beginning with a full snapshot. There is a document now. */
  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    if (!this.hasBegun) return this.begin();
    this.observers.resume();
    this.beginAnew();
  }

  /** A full snapshot, of a document that may have nothing in common with the one that rrweb knows. */
  beginAnew(): void {
    forgetWhatIsGone();
    this.takeFullSnapshot();
  }

  /** From now on nothing comes through, and rrweb is told of no changes of the document. */
  shut(): void {
    this.isOpen = false;
    this.observers.pause();
  }

  takeFullSnapshot(): void {
    // A document without a root element can't be drawn: the player throws.
    if (!this.isOpen || !document.documentElement) return;
    if (!this.hasBegun) return this.begin();
    const showStyles = hideLongStyles([...document.getElementsByTagName("style"), ...knownStyles()]);
    try {
      keepAttachShadow(() => record.takeFullSnapshot(true));
    } finally {
      showStyles();
    }
  }

  /** The page's node with rrweb's number. */
  readonly nodeOf = (id: number): Node | null => record.mirror.getNode(id);
  /** rrweb's number of a node: −1 of one that it does not know, −2 of one that it leaves out. */
  readonly idOf = (node: Node): number => record.mirror.getId(node);

  /** What rrweb has described of a node. */
  readonly describedAs = (node: Node) => record.mirror.getMeta(node) as { isShadowHost?: boolean } | null;

  private begin(): void {
    this.observers.resume();
    const showStyles = hideLongStyles(document.getElementsByTagName("style"));
    const keptListeners = keepListeners([document, window]);
    const attachShadow = Object.getOwnPropertyDescriptor(Element.prototype, "attachShadow");
    try {
      const options = { ...this.options, emit: (event: unknown) => this.emit(event) };
      this.hasBegun = this.observers.during(() => record(options) !== undefined);
    } finally {
      keptListeners();
      showStyles();
    }
    // It is tried again: one wrapper around the other each time would be no end.
    if (!this.hasBegun && attachShadow) Object.defineProperty(Element.prototype, "attachShadow", attachShadow);
    if (!this.isOpen) this.observers.pause();
  }

  private emit(event: unknown): void {
    if (!this.isOpen) return;
    this.onEvent(event as RrwebEvent);
  }
}

/** What went while nobody looked would stay in rrweb's account, and in memory, for ever. */
function forgetWhatIsGone(): void {
  const { mirror } = record;
  for (const id of mirror.getIds()) {
    const node = mirror.getNode(id);
    const isGone = node && (!node.isConnected || (node.ownerDocument ?? (node as Document)).defaultView === null);
    if (isGone) mirror.removeNodeFromMap(node);
  }
}

/** Those in shadow trees, too. */
function knownStyles(): Element[] {
  const { mirror } = record;
  return mirror.getIds().flatMap((id) => {
    const node = mirror.getNode(id);
    return node?.nodeName.toLowerCase() === "style" ? [node as Element] : [];
  });
}

/** With a full snapshot rrweb puts `attachShadow` back as it found it: what the page put there since is to stay. */
function keepAttachShadow(work: () => void): void {
  const kept = windows(window).flatMap((frame) => {
    try {
      const { prototype } = (frame as unknown as typeof globalThis).Element;
      const own = Object.getOwnPropertyDescriptor(prototype, "attachShadow");
      const isRrwebs = !own || (typeof own.value === "function" && "__rrweb_original__" in own.value);
      return isRrwebs ? [] : [{ prototype, own }];
    } catch {
      return [];
    }
  });
  try {
    work();
  } finally {
    for (const { prototype, own } of kept) {
      try {
        Object.defineProperty(prototype, "attachShadow", own);
      } catch {
        // The page has made it one that can't be changed, and so could rrweb not.
      }
    }
  }
}

/** This window and those of its frames that it may look into. */
function windows(top: Window): Window[] {
  const all: Window[] = [top];
  for (let i = 0; i < all.length && all.length < 100; i++) {
    const frame = all[i] as Window;
    for (let j = 0; j < frame.length; j++) {
      const child = frame[j] as Window;
      try {
        void child.document;
        all.push(child);
      } catch {
        // Of another origin.
      }
    }
  }
  return all;
}
