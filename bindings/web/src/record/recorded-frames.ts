// Frames of other origins, as part of what is recorded of this page.

import { ChildFrames, type FramesHost } from "../frames/child-frames";
import type { RrwebEvent } from "../model/rrweb-event";
import { ForeignMask } from "../privacy/foreign";
import type { Mask } from "../privacy/mask";
import type { ToJson } from "../send/event-writer";
import { toJsonWithin } from "./oversize";
import type { CrossOriginIframes } from "../model/page-options";
import type { RrwebRecorder } from "./rrweb-recorder";

export interface FramesOptions {
  rrweb: RrwebRecorder;
  /** The current one. */
  mask: () => Mask;
  isRecording: () => boolean;
  maxEventBytes: number;
  send: (event: RrwebEvent, toJson: ToJson) => void;
  /** Called when somebody uses a frame. */
  onUse: () => void;
  note: (problem: string) => void;
}

export class RecordedFrames {
  private frames: ChildFrames | null = null;
  private readonly foreign: ForeignMask;

  constructor(private readonly options: FramesOptions) {
    this.foreign = new ForeignMask(options.mask);
  }

  /** Once they are recorded, they are for the life of the page. */
  configure(given: CrossOriginIframes | null): void {
    if (!given || this.frames) return;
    this.frames = new ChildFrames(this.host(), given.allowedOrigins);
    for (const element of this.options.rrweb.elementsOf("iframe")) {
      const { contentDocument } = element as HTMLIFrameElement;
      if (contentDocument) this.addDocument(contentDocument);
    }
    if (this.options.isRecording()) this.frames.onFullSnapshot();
  }

  /** To be called with the document of a frame of this origin, which may have frames itself. */
  addDocument(document: Document): void {
    if (document.defaultView) this.frames?.listenTo(document.defaultView);
  }

  onFullSnapshot(): void {
    this.foreign.reset();
    this.frames?.onFullSnapshot();
  }

  pause(): void {
    this.frames?.pause();
  }

  private host(): FramesHost {
    const { rrweb, mask, isRecording, maxEventBytes, send, onUse, note } = this.options;
    const toJson = (event: RrwebEvent) =>
      toJsonWithin(event, maxEventBytes, () => "", (what) => note(`too large for a replay, and cut: ${what} in a frame`));
    return {
      isRecording,
      onUse,
      note,
      idOf: rrweb.idOf,
      frameElements: () => rrweb.elementsOf("iframe"),
      level: () => mask().currentLevel(),
      isWithheld: (element) => {
        mask().refresh();
        return mask().isWithheld(element);
      },
      idsOf: (element) => {
        const mirrors = rrweb.frameMirrors;
        const frame = element as HTMLIFrameElement;
        return mirrors && {
          reset: () => [mirrors.node, mirrors.style].forEach((mirror) => mirror.reset(frame)),
          node: (id) => mirrors.node.getId(frame, id),
          style: (id) => mirrors.style.getId(frame, id),
        };
      },
      add: (event) => {
        this.foreign.apply(event);
        send(event, toJson);
      },
    };
  }
}
