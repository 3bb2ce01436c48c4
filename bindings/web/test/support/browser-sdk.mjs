// The real browser SDK on the same page: `@amplitude/session-replay-browser`, with its requests answered here.
import { gunzipSync } from "node:zlib";
import { bundle, open, until } from "./page.mjs";

const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };

const sdk = await bundle(`import * as sr from "@amplitude/session-replay-browser"; window.sr = sr;`, { minify: true });

/**
 * The rrweb events that the browser SDK sends of this page; `act` does what a user would, `enough` says when to stop; `options`:
 * more of the SDK's.
 */
export async function recordWithBrowserSdk(browser, html, privacyConfig, act, enough, options = {}) {
  return (await allOfBrowserSdk(browser, html, { init: { privacyConfig, ...options }, act, enough })).events;
}

/**
 * All that the browser SDK sends of this page: `events` of rrweb's, `interactions`, and what it says of the page's address in
 * `X-Client-Url`. `remote` is what the server configures, `init` are options of its own.
 */
export async function allOfBrowserSdk(
  browser,
  html,
  { init = {}, remote = {}, path, act = async () => {}, enough = () => true },
) {
  const events = [];
  const interactions = [];
  const urls = new Set();
  const take = (url, headers, text) => {
    urls.add(headers["x-client-url"] ?? headers["X-Client-Url"]);
    const sent = JSON.parse(text).events;
    if (new URL(url).searchParams.get("type") === "interaction") interactions.push(...sent);
    else events.push(...sent.map((event) => JSON.parse(event)));
  };
  const answer = (route) => {
    const request = route.request();
    if (request.url().includes("/config/"))
      return route.fulfill({ headers: CORS, json: { configs: { sessionReplay: remote } } });
    const body = request.postDataBuffer();
    if (request.method() === "POST" && body) {
      const text = request.headers()["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      take(request.url(), request.headers(), text.toString("utf8"));
    }
    return route.fulfill({ headers: CORS, body: "" });
  };
  const opened = await open(browser, html, [sdk], { answer, path, permitErrors: true });
  await opened.page.evaluate(
    (init) =>
      sr.init("key", {
        deviceId: "device",
        sessionId: Date.now(),
        sampleRate: 1,
        useWebWorker: false,
        performanceConfig: { enabled: false },
        flushIntervalConfig: { minIntervalMs: 100, maxIntervalMs: 200 },
        trackServerUrl: "https://ingest.example/track",
        configServerUrl: "https://ingest.example/config",
        captureFullSnapshotOnFocus: false,
        ...init,
      }).promise,
    init,
  );
  await until(
    () => opened.page.evaluate(() => sr.getSessionReplayProperties()["[Amplitude] Session Replay ID"] !== undefined),
    "the SDK records",
  );
  /** Whoever leaves the page has the SDK send what it has. */
  const untilSent = (isEnough, what) =>
    until(async () => {
      await opened.page.evaluate(() => dispatchEvent(new Event("blur")));
      return events.some((event) => event.type === 2) && isEnough();
    }, what);
  await untilSent(() => true, "the browser SDK sends a full snapshot");
  await act(opened.page);
  await untilSent(() => enough(events, interactions), "the browser SDK sends what was done");
  await opened.close();
  return { events, interactions, urls };
}
