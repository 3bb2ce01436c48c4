// A page that uses the global, in strict TypeScript: types.test.mjs compiles it.
import type {} from "session-replay-native/electron/preload";

const { sessionReplay } = window;
const given: { promise: Promise<void> } | undefined = sessionReplay?.init("key", { deviceId: "d", sessionId: 1732300000000 });
const state: string | undefined = sessionReplay?.stats()?.state;
const remove: (() => void) | undefined = sessionReplay?.on("session", (id: number | string) => console.log(id));
console.log(given, state, remove, sessionReplay?.flush(1_000), sessionReplay?.getSessionReplayProperties());

// @ts-expect-error -- a page whose window has no preload script has none
sessionReplay.stats();
// @ts-expect-error -- in the main process alone
sessionReplay?.takeLog();
