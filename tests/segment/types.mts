// Compiled, never run: what the package makes is what Segment's and Amplitude's own libraries take.
import * as amplitudeBrowser from "@amplitude/analytics-browser";
import * as amplitudeNode from "@amplitude/analytics-node";
import { AnalyticsBrowser } from "@segment/analytics-next";
import { Analytics } from "@segment/analytics-node";
import { sessionReplayPlugin } from "session-replay-native/amplitude";
import {
  createSegmentActionsPlugin,
  createSegmentPlugin,
  createSourceMiddleware,
  initWithAmplitudeClassic,
} from "session-replay-native/segment";

const browser = AnalyticsBrowser.load({ writeKey: "key" });
await browser.addSourceMiddleware(createSourceMiddleware());
await browser.addSourceMiddleware(createSourceMiddleware({ mode: "classic-device", getSessionId: () => 1 }));
await browser.register(createSegmentPlugin({ mode: "classic-cloud" }));
await createSegmentActionsPlugin({
  segmentInstance: browser,
  amplitudeApiKey: "key",
  sessionReplayOptions: { sampleRate: 1, logLevel: 4, debugMode: true },
  enableWrapperDebug: true,
});

const node = new Analytics({ writeKey: "key" });
await node.register(createSegmentPlugin({ amplitudeApiKey: "key" }));

await amplitudeBrowser.add(sessionReplayPlugin({ forceSessionTracking: true })).promise;
await amplitudeNode.add(sessionReplayPlugin()).promise;

await initWithAmplitudeClassic("key", { onInit: (ready) => ready(), getSessionId: () => 1, options: { deviceId: "d" } }).promise;
