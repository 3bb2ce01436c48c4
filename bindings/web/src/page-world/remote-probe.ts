// A probe in the page's world and its recorder in another one. The worlds share the document: what is said between them are
// events on it, whose name the page does not know, and which hold texts.

import { listen } from "../dom/listeners";
import { toJson } from "../send/json";
import type { MakeProbe, ProbeHost } from "./probe";

/** In characters: two bodies, with what JSON escapes of them. What is longer is no probe's, and no event could hold it. */
const MAX_MESSAGE_LENGTH = 8_000_000;

const { dispatchEvent } = EventTarget.prototype;
const { CustomEvent } = globalThis;

const tell = (event: string, message: unknown) =>
  void dispatchEvent.call(document, new CustomEvent(event, { detail: toJson(message) }));

function hear(event: string, onMessage: (message: unknown) => void): void {
  listen(document, event, (told) => {
    const { detail } = told as CustomEvent<unknown>;
    if (typeof detail !== "string" || detail.length > MAX_MESSAGE_LENGTH) return;
    try {
      onMessage(JSON.parse(detail));
    } catch {
      // Not a probe's.
    }
  });
}

/** In the page's world: makes the probe there. */
export function serveProbe<Config, Report>(event: string, make: MakeProbe<Config, Report>): void {
  const probe = make({
    report: (report) => tell(event, { report }),
    note: (problem) => tell(event, { problem }),
  });
  hear(`${event}-config`, (message) => {
    const { config, isOn } = message as { config: Config | null; isOn: boolean };
    probe.configure(config, isOn);
  });
}

/** In the recorder's world: a probe that `inject` is to bring into the page's, once there is something to see. */
export function remoteProbe<Config, Report>(event: string, inject: () => void): MakeProbe<Config, Report> {
  return (host: ProbeHost<Report>) => {
    let isInjected = false;
    hear(event, (message) => {
      const { report, problem } = message as { report?: Report; problem?: unknown };
      if (report !== undefined) host.report(report);
      if (typeof problem === "string") host.note(problem);
    });
    return {
      configure: (config, isOn) => {
        if (config === null && !isInjected) return;
        if (!isInjected) inject();
        isInjected = true;
        tell(`${event}-config`, { config, isOn });
      },
    };
  };
}
