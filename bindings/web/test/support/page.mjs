// A page of ours in the real Chromium, with the recorder as the host would inject it.
import { readFileSync } from "node:fs";
import { bundle as bundleModule } from "../../../../tests/support/bundle.mjs";

export { launch } from "../../../../tests/support/chromium.mjs";
export { until } from "../../../../tests/support/waiting.mjs";

const folder = new URL("../..", import.meta.url).pathname;
export const script = readFileSync(`${folder}/dist/session-replay-recorder.js`, "utf8");
export const pageNamed = (name) => readFileSync(`${folder}/test/pages/${name}.html`, "utf8");

/** Bundles a module of ours, or a test's own, for the page or for Node. */
export const bundle = (source, options = {}) =>
  bundleModule(source, `${folder}/test`, { loader: "ts", format: "iife", ...options });

/**
 * Opens a page, at `https://shop.example/`, without a network: whatever else it asks for is answered by `answer` or not
 * at all. `scripts` run first in every frame. Uncaught errors of the page are gathered in `errors`.
 */
export async function open(browser, html, scripts, { answer, path = "/", permitErrors = false, contentType = "text/html", headers = {}, isEndless = false } = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.route("**/*", (route) => {
    const url = route.request().url();
    // Never answered: the page is loaded for ever.
    if (url.endsWith("/never.js")) return;
    if (url.startsWith("https://shop.example/")) return route.fulfill({ contentType, headers, body: html });
    return answer?.(route) ?? route.abort();
  });
  const messages = [];
  await page.exposeFunction("hostTakes", (message) => void messages.push(message));
  for (const content of scripts) await page.addInitScript({ content });
  await page.goto(`https://shop.example${path}`, { waitUntil: isEndless ? "commit" : "load" });
  const close = async () => {
    await context.close();
    if (!permitErrors && errors.length > 0) throw new Error(`the page saw errors: ${errors.join("; ")}`);
  };
  return { page, messages, errors, close, events: () => eventsOf(messages) };
}

export const eventsOf = (messages) =>
  messages.flatMap((message) => message.split("\n")).map((line) => JSON.parse(line));

/** Sets the recorder's options, with the host's function as the way out. */
export const withOptions = (options) =>
  `window.sessionReplayRecorderOptions = { postMessage: (lines) => hostTakes(lines), flushIntervalMs: 10, ...${JSON.stringify(options)} };`;
