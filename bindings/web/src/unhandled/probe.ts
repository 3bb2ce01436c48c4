// Sees that the page did not handle an error, and nothing of the error. Within the page's world.

import { listen } from "../dom/listeners";
import type { MakeProbe } from "../page-world/probe";

/** There is nothing to choose, and nothing to tell but that it happened. */
export type UnhandledErrorConfig = object;
export type UnhandledErrorReport = object;

export const makeUnhandledErrorProbe: MakeProbe<UnhandledErrorConfig, UnhandledErrorReport> = (host) => {
  let isOn = false;
  const report = () => isOn && host.report({});
  // An image that is missing is no error of a script, and has no message.
  const onError = (event: Event) => typeof (event as ErrorEvent).message === "string" && report();
  return {
    configure: (config, mayReport) => {
      isOn = mayReport;
      if (config === null) return;
      // The same listener is added once.
      listen(window, "error", onError);
      listen(window, "unhandledrejection", report);
    },
  };
};
