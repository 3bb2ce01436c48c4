// A page from a server of its own on loopback, in Chromium, with the recorder as the host would inject it: for what a page
// asks of servers, which Playwright's own answers would not show as it is.
import { serve } from "../../../../tests/support/servers.mjs";
import { eventsOf, until } from "./page.mjs";

/**
 * `answers` are functions of (request, response) by path; "/" is the page. `scripts` run first. What the page logs is not
 * gathered; its uncaught errors are, in `errors`.
 */
export async function openServed(browser, html, scripts, answers = {}) {
  const { url, stop } = await serve((request, response) => {
    const answer = answers[new URL(request.url, "http://page").pathname];
    if (answer) return answer(request, response);
    response.setHeader("content-type", "text/html");
    response.end(html);
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  const messages = [];
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.exposeFunction("hostTakes", (message) => void messages.push(message));
  for (const content of scripts) await page.addInitScript({ content });
  await page.goto(url);
  const events = () => eventsOf(messages);
  await until(() => events().some(({ type }) => type === 2), "a full snapshot");
  const close = async () => {
    await context.close();
    await stop();
  };
  return { page, url, messages, errors, events, close };
}

export const consoleEvents = (events) => events.filter(({ data }) => data?.plugin === "rrweb/console@1").map(({ data }) => data.payload);
export const requestEvents = (events) => events.filter(({ data }) => data?.tag === "fetch-request").map(({ data }) => data.payload);
