// From an event of rrweb's to what is sent of it: completed for the player, sanitized, and cut if it is too large.

import type { RrwebEvent } from "../model/rrweb-event";
import type { Sanitizer } from "../privacy/sanitizer";
import type { ToJson } from "../send/event-writer";
import { FrameDocuments } from "./frame-documents";
import { toJsonWithin } from "./oversize";
import type { RrwebRecorder } from "./rrweb-recorder";
import { ShadowRoots } from "./shadow-roots";

export interface PipelineOptions {
  rrweb: RrwebRecorder;
  /** The current one: it changes with the privacy configuration. */
  sanitizer: () => Sanitizer;
  maxEventBytes: number;
  /** Called with the document of a frame, before what the event says of it is sent. */
  onFrame: (document: Document) => void;
  /** Called with a description of a text that was cut. */
  onCut: (what: string) => void;
  send: (event: RrwebEvent, toJson: ToJson) => void;
}

/** Returns a function that sends nothing, the event, or what has to come before it, too. */
export function eventPipeline(options: PipelineOptions): (event: RrwebEvent) => void {
  const { rrweb, sanitizer, maxEventBytes, onFrame, onCut, send } = options;
  const frames = new FrameDocuments(rrweb.nodeOf);
  const shadowRoots = new ShadowRoots(rrweb);
  const tagOf = (id: number) => (rrweb.nodeOf(id) as Element | null)?.localName ?? "";
  const toJson = (event: RrwebEvent) => toJsonWithin(event, maxEventBytes, tagOf, onCut);
  const sendSanitized = (event: RrwebEvent) => {
    if (sanitizer().sanitize(event)) send(event, toJson);
  };
  return (event) => {
    const described = frames.in(event);
    for (const frame of described) onFrame(frame);
    if (frames.areRepeated(described) || frames.isEmpty(event, described)) return;
    for (const before of shadowRoots.eventsBefore(event)) sendSanitized(before);
    sendSanitized(event);
  };
}
