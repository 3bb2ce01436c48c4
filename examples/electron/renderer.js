// The page. With a bundler it would say: import * as sessionReplay from "session-replay-native";
// Without one it has window.sessionReplay, and no variable of its own may have that name.
const replay = window.sessionReplay;

/** What every analytics event has to carry. */
function showProperties() {
  document.querySelector("#properties").textContent = JSON.stringify(
    replay.getSessionReplayProperties(),
    null,
    2,
  );
}

document
  .querySelector("#session")
  .addEventListener("click", () => replay.setSessionId(Date.now()).promise.then(showProperties));
replay.on("session", showProperties);
setTimeout(showProperties, 1_000);
