// The observers of a page whose world the recorder does not share, as in Electron's preload script: what only the page's
// world can see, the host reports to them.

import { trackAddress } from "./address/track-address";
import { recordInteractions } from "./interaction/record-interactions";
import type { MakeObserver } from "./observers/observer";

export const ISOLATED: readonly MakeObserver[] = [trackAddress, recordInteractions];
