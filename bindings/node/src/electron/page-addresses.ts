// The addresses of the pages that take part, for rules that choose sessions by them. The library evaluates each one whole, as the browser
// SDK does; an address told here is neither recorded nor sent. Where the app's files lie is taken out first, since rules are for
// how an address reads on every machine.
import * as sessionReplay from "../index.js";
import { messageOf } from "../model/errors.js";
import { folderHider, isInFolder } from "./app-folder.js";
import { logForApp } from "./attach-log.js";
import type { Client } from "./clients.js";
import { LIMITS, type AddressRewrite } from "./messages.js";

export class PageAddresses {
  /** The replay and the state for which all were evaluated. */
  #evaluatedFor = "";

  /** `rewrite`: the app's folder, and what stands for it. */
  constructor(
    private readonly rewrite: AddressRewrite,
    private readonly clients: () => Client[],
  ) {}

  /** A page says where it is; it may say anything. */
  tell(client: Client, given: unknown): void {
    if (typeof given !== "string") return;
    const address = this.told(given);
    if (client.address === address) return;
    client.address = address;
    if (client.addresses.tryTake(1)) evaluate(address);
    // Too often: the newest is evaluated with the next update.
    else this.#evaluatedFor = "";
  }

  /** Evaluates those of all pages for another session, and when it may be decided anew; the page that was focused last, last. */
  update(): void {
    const { sessionReplayId, state } = sessionReplay.stats();
    const now = `${sessionReplayId} ${state}`;
    if (now === this.#evaluatedFor) return;
    this.#evaluatedFor = now;
    for (const { document, address } of this.clients()) if (document !== undefined && address !== undefined) evaluate(address);
  }

  /** An address as rules have it. */
  told(address: string): string {
    const [folder, name] = this.rewrite;
    const cut = address.slice(0, LIMITS.address);
    return isInFolder(cut, folder) ? folderHider(folder, name, cut)(cut) : cut;
  }
}

function evaluate(url: string): void {
  if (sessionReplay.stats().state === "not-initialized") return;
  try {
    sessionReplay.evaluateTargeting({ page: { url } });
  } catch (error) {
    logForApp({ level: "warn", message: `the address of a page was not evaluated: ${messageOf(error)}` });
  }
}
