// Sees what the page's scripts ask of servers. Within the page's world.

import { Allowance, type Rates } from "../page-world/allowance";
import { LeftOut } from "../page-world/left-out";
import type { MakeProbe, ProbeHost } from "../page-world/probe";
import { watchBeacons } from "./beacon";
import type { NetworkConfig } from "./config";
import { watchFetch } from "./fetch";
import type { Recording } from "./recording";
import { type NetworkReport, now, type RequestReport } from "./request";
import { watchXhr } from "./xhr";

const RATES: Record<"requests" | "characters", Rates> = {
  requests: { burst: 500, perSecond: 20 },
  characters: { burst: 4_000_000, perSecond: 100_000 },
};

/** Where Amplitude's own recorder sends what it records, should the page have it, too. */
const RECORDERS = /^https:\/\/api-sr(\.eu|\.stag2)?\.amplitude\.com\/sessions\/v2\/track/;

export const makeNetworkProbe: MakeProbe<NetworkConfig, NetworkReport> = (host) => {
  const probe = new NetworkProbe(host);
  return { configure: (config, isOn) => probe.configure(config, isOn) };
};

class NetworkProbe implements Recording {
  /** null: nothing is recorded now. */
  private config: NetworkConfig | null = null;
  private isInstalled = false;
  private readonly allowance = new Allowance(RATES, now);
  private readonly leftOut = new LeftOut((leftOut) => this.config && this.host.report({ leftOut }));

  constructor(private readonly host: ProbeHost<NetworkReport>) {}

  configure(config: NetworkConfig | null, isOn: boolean): void {
    this.config = isOn ? config : null;
    if (!config || this.isInstalled) return;
    this.isInstalled = true;
    const watched = { fetch: watchFetch(this), XMLHttpRequest: watchXhr(this), sendBeacon: watchBeacons(this) };
    for (const [name, isWatched] of Object.entries(watched)) {
      if (!isWatched) this.host.note(`the page has made ${name} read-only: its requests are not recorded`);
    }
  }

  begin(url: string): NetworkConfig | null {
    return RECORDERS.test(url) ? null : this.config;
  }

  hasRoom(): boolean {
    return this.allowance.isLeft;
  }

  report(request: RequestReport): void {
    if (!this.config) return;
    if (!this.hasRoom()) return this.leftOut.add();
    this.leftOut.tellNow();
    const { requestBody, responseBody, requestHeaders, responseHeaders } = request;
    const headers = [requestHeaders, responseHeaders].flatMap((all) => Object.entries(all ?? {})).join();
    const characters = request.url.length + headers.length + (requestBody?.length ?? 0) + (responseBody?.length ?? 0);
    this.allowance.spend({ requests: 1, characters });
    this.host.report(request);
  }
}
