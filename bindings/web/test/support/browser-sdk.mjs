// The real browser SDK on the same page: `@amplitude/session-replay-browser`, with its requests answered here.
import { gunzipSync } from "node:zlib";
import { bundle, open, until } from "./page.mjs";

const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };

const sdk = await bundle(`import * as sr from "@amplitude/session-replay-browser"; window.sr = sr;`, { minify: true });

/** The rrweb events that the browser SDK sends of this page; `act` does what a user would, `enough` says when to stop. */
export async function recordWithBrowserSdk(browser, html, privacyConfig, act = async () => {}, enough = () => true) {
  const events = [];
  const answer = (route) => {
    const request = route.request();
    if (request.url().includes("/config/"))
      return route.fulfill({ headers: CORS, json: { configs: { sessionReplay: {} } } });
    const body = request.postDataBuffer();
    if (request.method() === "POST" && body) {
      const text = request.headers()["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      events.push(...JSON.parse(text.toString("utf8")).events.map((event) => JSON.parse(event)));
    }
    return route.fulfill({ headers: CORS, body: "" });
  };
  const opened = await open(browser, html, [sdk], { answer, permitErrors: true });
  await opened.page.evaluate(
    (privacy) =>
      sr.init("key", {
        deviceId: "device",
        sessionId: Date.now(),
        sampleRate: 1,
        privacyConfig: privacy,
        useWebWorker: false,
        performanceConfig: { enabled: false },
        flushIntervalConfig: { minIntervalMs: 100, maxIntervalMs: 200 },
        trackServerUrl: "https://ingest.example/track",
        configServerUrl: "https://ingest.example/config",
        captureFullSnapshotOnFocus: false,
      }).promise,
    privacyConfig,
  );
  await until(
    () => opened.page.evaluate(() => sr.getSessionReplayProperties()["[Amplitude] Session Replay ID"] !== undefined),
    "the SDK records",
  );
  await opened.page.waitForTimeout(300);
  await act(opened.page);
  await until(async () => {
    await opened.page.evaluate(() => dispatchEvent(new Event("blur")));
    return events.some((event) => event.type === 2) && enough(events);
  }, "the browser SDK sends a full snapshot");
  await opened.close();
  return events;
}
