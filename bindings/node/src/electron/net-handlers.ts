// Electron's own network stack as the transport: it knows the system's proxies and their scripts, their sign-in, and certificates.
import type { App } from "electron";
import { invalid } from "../model/errors.js";
import { IS_READY } from "../model/host-requests.js";
import type { SessionReplayOptions } from "../options/options.js";

/** What is used of Electron's `net`, or of one of its sessions: since Electron 25 both have it. */
export interface ElectronNet {
  fetch(url: string, init?: any): Promise<any>;
}

/** Refuses what can't make a request. */
export function checkNet(net: ElectronNet | undefined): void {
  if (net === undefined || typeof net?.fetch === "function") return;
  throw invalid('attach: "net" has no fetch(): Electron has it since version 25. Before that, leave "net" out, or give handleSendEvents in "options"');
}

interface Request {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  signal?: any;
}

/** The handlers that make the library's requests with it, once the app is ready. A redirect fails, as it is no answer of the server's. */
export function handlersOver(net: ElectronNet, app: Pick<App, "isReady">): SessionReplayOptions {
  const carry = async ({ url, method, headers, body, signal }: Request): Promise<unknown> =>
    net.fetch(url, { method, headers, signal, redirect: "manual", ...(body === undefined ? {} : { body }) });
  const handler = Object.assign(carry, { [IS_READY]: () => app.isReady() });
  return { handleSendEvents: handler, handleFetchConfig: handler };
}
