// The page. What it imports is the package's side for pages: a few functions over `window.sessionReplay`.
import * as sessionReplay from "session-replay-native";

/** What every analytics event has to carry. */
function showProperties() {
  document.querySelector("#properties").textContent = JSON.stringify(sessionReplay.getSessionReplayProperties(), null, 2);
}

sessionReplay.on("session", showProperties);
setTimeout(showProperties, 1_000);
