// The observers of a page whose world the recorder shares.

import { trackAddress } from "./address/track-address";
import { consoleObserver } from "./console/observer";
import { makeConsoleProbe } from "./console/probe";
import { recordInteractions } from "./interaction/record-interactions";
import { networkObserver } from "./network/observer";
import { makeNetworkProbe } from "./network/probe";
import { unhandledErrorObserver } from "./unhandled/observer";
import { makeUnhandledErrorProbe } from "./unhandled/probe";
import type { MakeObserver } from "./observers/observer";

export const IN_PAGE: readonly MakeObserver[] = [
  trackAddress,
  recordInteractions,
  consoleObserver(makeConsoleProbe),
  networkObserver(makeNetworkProbe),
  unhandledErrorObserver(makeUnhandledErrorProbe),
];
