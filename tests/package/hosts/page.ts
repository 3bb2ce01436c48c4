// A page of an Electron app in TypeScript, as `session-replay-native` with the condition "browser", and by the page's own name.
import * as sessionReplay from "session-replay-native";
import { getSessionReplayProperties, init, type Bridge, type Stats } from "session-replay-native";
import type {} from "session-replay-native/electron/preload";

export async function page(): Promise<{ [key: string]: string }> {
  await init("key", { deviceId: "d" }).promise;
  const stats: Stats | undefined = sessionReplay.stats();
  const bridge: Bridge | undefined = window.sessionReplay;
  console.log(stats?.state, bridge?.getSessionId());
  return getSessionReplayProperties();
}

// @ts-expect-error -- a page has no numbers before the main process has sent some
sessionReplay.stats().state;
// @ts-expect-error -- in the main process alone
sessionReplay.processSegmentEvent({ type: "track" });
