// Says what to start first, when nobody would receive the replay.
const viewer = process.env.SESSION_REPLAY_VIEWER ?? "http://127.0.0.1:8787";

if (!process.env.AMPLITUDE_API_KEY) {
  fetch(`${viewer}/api/sessions`).catch(() => {
    console.log(
      `Nobody listens at ${viewer}. In the project's folder, in another terminal:\n\n  cargo run --release -p session-replay-viewer\n`,
    );
    console.log("The app starts all the same: what it records waits on disk, and is sent once the viewer runs.\n");
  });
}
