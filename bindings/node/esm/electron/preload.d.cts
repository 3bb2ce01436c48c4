// A script, imported for what it does: `import "session-replay-native/electron/preload"` in an app's own preload script. What it
// does for pages is declared here, too.
import type { BeforeRecord } from "../../dist/model/before-record.js";
import type { Bridge } from "../../dist/electron/bridge.js";

export type { BeforeRecord, Bridge };

declare global {
  interface Window {
    /** What the preload script gives to the page: the package's API. `undefined` where the script has not run. */
    sessionReplay?: Bridge;
    /** What the app's own preload script may set, at any time: it sees each event of its page, masked, before that leaves the page. */
    sessionReplayRecorderOptions?: { beforeRecord?: BeforeRecord };
  }
}
