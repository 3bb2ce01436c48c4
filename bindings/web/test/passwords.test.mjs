// Passwords in pages that were not written for us: shown while nothing records, mirrored, swapped, drawn as dots.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const SHOW_ALL = { defaultMaskLevel: "light", unmaskSelector: ["body", "input"] };
const XHTML = (body) => `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>${body}</body></html>`;

/** Records what `act` does, and looks for `secret` in all that left the page. `AFTER` shows that the recording went on. */
async function holds(secret, html, act, { contentType, privacyConfig = SHOW_ALL } = {}) {
  const scripts = [withOptions({ privacyConfig }), script];
  const opened = await open(browser, html, scripts, { contentType });
  const { page, events, messages } = opened;
  await until(() => events().some(({ type }) => type === 2), "a full snapshot");
  await act(page);
  await page.evaluate(() => document.body.setAttribute("data-end", "AFTER"));
  await until(async () => {
    await page.evaluate(() => sessionReplayRecorder.flush());
    return messages.join("\n").includes("AFTER");
  }, "what came after is recorded");
  const sent = messages.join("\n");
  const at = sent.indexOf(secret);
  assert.ok(at < 0, `"${secret}" left the page: ${sent.slice(Math.max(0, at - 100), at + 40)}`);
  await opened.close();
}

test("in a document of XHTML, whose elements have names in small letters", () =>
  holds("hunter", XHTML('<input id="a" type="password" value="hunter1"/>'), (page) => page.fill("#a", "hunter2"), {
    contentType: "application/xhtml+xml",
  }));

test("mirrored into attributes by the page, as it is typed", () =>
  holds("zqx", '<input id="a" type="password"><label id="label"></label>', async (page) => {
    await page.evaluate(() => {
      const field = document.getElementById("a");
      field.addEventListener("input", () => {
        for (const name of ["data-value", "value", "title", "aria-valuetext"]) field.setAttribute(name, field.value);
      });
    });
    await page.locator("#a").pressSequentially("zqxhunter");
  }));

test("mirrored into other elements once it is typed", () =>
  holds("zqxhunter", '<input id="a" type="password"><p id="mirror">-</p>', async (page) => {
    await page.fill("#a", "zqxhunter");
    await page.evaluate(() => {
      const mirror = document.getElementById("mirror");
      const { value } = document.getElementById("a");
      mirror.textContent = value;
      mirror.setAttribute("data-value", value);
      sessionReplayRecorder.takeFullSnapshot();
    });
  }));

for (const act of ["typed before", "typed meanwhile"]) {
  test(`shown while the recorder pauses, ${act}`, () =>
    holds("hunter", '<input id="a" type="password">', async (page) => {
      if (act === "typed before") await page.fill("#a", "hunter1");
      await page.evaluate(() => sessionReplayRecorder.pause());
      if (act === "typed meanwhile") await page.fill("#a", "hunter1");
      await page.evaluate(() => {
        document.getElementById("a").type = "text";
        sessionReplayRecorder.resume();
      });
      await page.locator("#a").press("End");
      await page.locator("#a").pressSequentially("2");
    }));
}

test("shown by another field that takes the place of the first", () =>
  holds("hunter", '<input id="a" type="password">', async (page) => {
    await page.fill("#a", "hunter1");
    await page.evaluate(() => {
      const shown = Object.assign(document.createElement("input"), { id: "b" });
      shown.value = document.getElementById("a").value;
      document.getElementById("a").replaceWith(shown);
    });
    await page.locator("#b").press("End");
    await page.locator("#b").pressSequentially("2");
  }));

test("in an editable element that the page draws as dots, whatever is unmasked", () =>
  holds("zqx", '<div id="a" contenteditable style="-webkit-text-security: disc">zqx1</div>', (page) =>
    page.locator("#a").pressSequentially("zqx2"),
  ));

test("filled in by a script without any event, and copied in the same turn", () =>
  holds("zqxhunter", '<input id="a" type="password"><p id="mirror">-</p>', (page) =>
    page.evaluate(() => {
      const field = document.getElementById("a");
      field.value = "zqxhunter";
      field.setAttribute("data-value", field.value);
      document.getElementById("mirror").textContent = field.value;
    }),
  ));
