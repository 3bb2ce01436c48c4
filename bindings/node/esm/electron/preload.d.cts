// A script, imported for what it does: `import "session-replay-native/electron/preload"` in an app's own preload script. What it
// does for pages is declared here, too.
import type { Bridge } from "../../dist/electron/bridge.js";

export type { Bridge };

declare global {
  interface Window {
    /** What the preload script gives to the page: the package's API. `undefined` where the script has not run. */
    sessionReplay?: Bridge;
  }
}
