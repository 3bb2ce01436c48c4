// Pages inside of windows: guests of <webview>s, and WebContentsViews, also inside each other. Pages in the real Chromium, and what the
// player shows is compared with where they are.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../../../../tests/support/waiting.mjs";
import { SESSION, arrived, context, pageOf, played, start, viewer } from "./support/desk.mjs";
import { openWindow } from "./support/electron.mjs";
import { attachGuest } from "./support/guests.mjs";

const webview = (id, style) => `<webview id="${id}" style="display: flex; ${style}"></webview>`;
const hostPage = (text, ...webviews) => `${pageOf(text, "")}${webviews.join("")}`;

/** What of the replay says so: its places by the first word of their texts. */
const placesIn = ({ windows }) => Object.fromEntries(windows.map(({ text, place }) => [text.split(" ")[0], place]));
const comes = (device, session, holds, what) =>
  until(async () => {
    const shown = await played(device, session);
    return holds(shown) && shown;
  }, what, 60_000);
const isAt = (device, word, place) =>
  comes(device, SESSION, (shown) => String(placesIn(shown)[word]) === String(place), `${word} is at ${place}`);
const isGone = (device, word) => comes(device, SESSION, (shown) => !placesIn(shown)[word], `${word} is gone`);

test("guests are views in the page of their host, where it shows them", async (t) => {
  const { show, ipcMain, app, problems } = start(t, "guests", { options: { privacyConfig: { defaultMaskLevel: "light" } } });
  const host = await show("Host", { x: 100, y: 60, width: 700, height: 500 }, {
    html: hostPage(
      "Host",
      webview("a", "position: absolute; left: 20px; top: 150px; width: 300px; height: 200px"),
      webview("b", "position: absolute; left: 350px; top: 150.5px; width: 200px; height: 120px"),
      '<div style="height: 2000px"></div>',
    ),
  });
  const attach = (selector, text, more) => attachGuest(context, ipcMain, app, host, selector, { html: pageOf(text, ""), ...more });
  const first = await attach("#a", "First");
  const second = await attach("#b", "Second", { html: (url) => pageOf(`Second ${new URL(url).pathname}`, "") });
  await first.page.fill("#field", "typed in the first");
  await second.page.fill("#field", "typed in the second");
  await host.page.fill("#field", "typed in the host");
  await arrived("guests", SESSION, "typed in the second");
  await arrived("guests", SESSION, "typed in the host");
  await isAt("guests", "Second", [450, 211, 200, 120]);
  const { windows } = await played("guests", SESSION);
  assert.deepEqual(
    windows.map(({ text, value, title }) => [text.split(" ")[0], value, title]).sort(),
    [
      ["First", "typed in the first", ""],
      ["Host", "typed in the host", "Host title"],
      ["Second", "typed in the second", ""],
    ],
  );
  assert.deepEqual(placesIn({ windows }), { Host: [100, 60, 700, 500], First: [120, 210, 300, 200], Second: [450, 211, 200, 120] });

  // The page scrolls, lays itself out anew, hides one, and the window moves.
  await host.page.evaluate(() => scrollTo(0, 40));
  await isAt("guests", "First", [120, 170, 300, 200]);
  await host.page.locator("#a").evaluate((element) => Object.assign(element.style, { left: "0", width: "330px" }));
  await isAt("guests", "First", [100, 170, 330, 200]);
  await host.window.setContentBounds({ x: 200 });
  await isAt("guests", "First", [200, 170, 330, 200]);
  await host.page.locator("#b").evaluate((element) => (element.style.visibility = "hidden"));
  await isGone("guests", "Second");
  await host.page.locator("#b").evaluate((element) => (element.style.visibility = ""));
  await isAt("guests", "Second", [550, 171, 200, 120]);

  // A guest navigates, and is reloaded.
  await second.show("shop/next.html");
  await second.page.fill("#field", "typed in the next");
  await first.page.reload();
  await first.page.fill("#field", "typed after the reload");
  await arrived("guests", SESSION, "typed in the next");
  await arrived("guests", SESSION, "typed after the reload");
  const values = ({ windows }) => Object.fromEntries(windows.map(({ text, value }) => [text.split(" says")[0], value]));
  assert.deepEqual(values(await played("guests", SESSION)), {
    Host: "typed in the host",
    First: "typed after the reload",
    "Second /shop/next.html": "typed in the next",
  });

  // The next session begins with all of them; then one goes, and the host is reloaded without the other.
  host.window.change("minimize", { minimized: true });
  await comes("guests", SESSION, ({ windows }) => windows.length === 0, "guests are minimized with their host");
  host.window.change("restore", { minimized: false });
  await host.page.locator("#a").evaluate((element) => element.remove());
  await first.close();
  await isGone("guests", "First");
  await host.page.reload();
  await isGone("guests", "Second");
  assert.deepEqual(Object.keys(placesIn(await played("guests", SESSION))), ["Host"]);
  assert.deepEqual([problems, host.errors, first.errors, second.errors], [[], [], [], []]);
  await second.close();
  await host.close();
});
