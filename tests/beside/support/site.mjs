// The pages as a site: one address for all three recorders, servers of other origins, and what a user does.
import { until } from "../../support/waiting.mjs";

export const HREF = "http://app.test/shop/index.html";
/** What the site serves is a secure context, as https is: recorders ask the browser for what only those have. */
export const FLAGS = ["--unsafely-treat-insecure-origin-as-secure=http://app.test,http://other.test,http://api.test"];
const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "access-control-allow-methods": "*", "access-control-expose-headers": "*" };

/** Answers for `http://api.test` and `http://other.test`; `http://app.test` is the recorder's to serve. */
export async function routeSite(context, { api = {}, other = {} }) {
  await context.route("http://api.test/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/breaks") return route.abort("connectionfailed");
    const answer = api[pathname] ?? { status: 404, body: "not here" };
    await route.fulfill({ ...answer, headers: { ...CORS, ...answer.headers } });
  });
  await context.route("http://other.test/**", (route) => {
    const { pathname } = new URL(route.request().url());
    return route.fulfill({ contentType: "text/html", body: other[pathname] ?? "" });
  });
}

/** Does what the page's user does; then the page says so in its document, and is left. */
export async function use(page, { act }, arrived) {
  await act(page);
  await page.waitForTimeout(400);
  await page.evaluate(() => document.body.setAttribute("data-end", "END-OF-THE-PAGE"));
  await until(async () => {
    await page.evaluate(() => dispatchEvent(new Event("blur")));
    return arrived("END-OF-THE-PAGE");
  }, "what the page did last arrives");
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide")));
  await page.waitForTimeout(400);
}
