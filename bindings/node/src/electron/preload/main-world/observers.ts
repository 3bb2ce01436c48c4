// The observers of a window's page. What only the page's own world can see, probes there report.
import {
  consoleObserver,
  IN_PAGE,
  ISOLATED,
  type MakeObserver,
  networkObserver,
  remoteProbe,
  unhandledErrorObserver,
} from "../../../../../web/src/index";
import type { DocumentId } from "../../messages.js";
import reportConsole from "injected:./console.ts";
import reportNetwork from "injected:./network.ts";
import reportUnhandled from "injected:./unhandled.ts";
import { runInMainWorld } from "./run.js";

/** A probe is injected once there is something for it to see. */
export function observersOf(document: DocumentId): readonly MakeObserver[] {
  if (!process.contextIsolated) return IN_PAGE;
  const [logs, requests, errors] = ["console", "network", "unhandled"].map((name) => `session-replay-${name}-${document}`) as [string, string, string];
  return [
    ...ISOLATED,
    consoleObserver(remoteProbe(logs, () => runInMainWorld(reportConsole, logs))),
    networkObserver(remoteProbe(requests, () => runInMainWorld(reportNetwork, requests))),
    unhandledErrorObserver(remoteProbe(errors, () => runInMainWorld(reportUnhandled, errors))),
  ];
}
