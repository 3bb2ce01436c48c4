// The page. With a bundler it would say: import * as sessionReplay from "session-replay-native";
const { sessionReplay } = window;

/** What every analytics event has to carry. */
function showProperties() {
  document.querySelector("#properties").textContent = JSON.stringify(
    sessionReplay.getSessionReplayProperties(),
    null,
    2,
  );
}

document
  .querySelector("#session")
  .addEventListener("click", () => sessionReplay.setSessionId(Date.now()).promise.then(showProperties));
sessionReplay.on("session", showProperties);
setTimeout(showProperties, 1_000);
