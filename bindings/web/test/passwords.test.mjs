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

test("in a page that can be edited as a whole and draws it as dots", () =>
  holds(
    "zqx",
    '<section><p id="a" style="-webkit-text-security: disc">-</p></section>',
    (page) =>
      page.evaluate(() => {
        document.designMode = "on";
        document.getElementById("a").firstChild.data = "zqx1";
      }),
    { privacyConfig: { defaultMaskLevel: "light" } },
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

for (const typed of ["correct horse battery", "abcd&efgh#ijkl", "it's-a;quoted", 'abcd"efgh<ijkl>mnop\\qrst&uvwx']) {
  test(`with characters that end a value, in what the page logs and sends: ${typed}`, async () => {
    const loggingConfig = { console: { enabled: true }, network: { enabled: true, body: { request: true, response: true } } };
    const answer = (route) => route.fulfill({ body: "{}", contentType: "application/json" });
    const opened = await open(browser, '<input id="a" type="password"><p id="html"></p>', [withOptions({ loggingConfig, privacyConfig: SHOW_ALL }), script], { answer });
    const { page, events, messages } = opened;
    await until(() => events().some(({ type }) => type === 2), "a full snapshot");
    await page.locator("#a").pressSequentially(typed);
    await page.evaluate(async (typed) => {
      const html = document.createElement("p");
      html.textContent = typed;
      html.title = typed;
      console.log(`password=${typed}`, { password: typed, note: typed }, JSON.stringify({ token: 1, note: JSON.stringify(typed) }));
      console.log(html.outerHTML, `q=${encodeURIComponent(typed)}`, encodeURI(`https://a.example/?password=${typed}`));
      console.error(new Error(`password=${typed}; is wrong`));
      const form = new FormData();
      for (const name of ["password", "note", "p&q"]) form.append(name, typed);
      const url = new URL("https://api.example/");
      url.search = `password=${typed}`;
      const post = (body) => fetch("https://api.example/", { method: "POST", body });
      await fetch(url);
      await fetch(`https://api.example/?note=${encodeURIComponent(typed)}`, { headers: { "X-Note": typed.replace(/[^ -~]/g, "") } });
      await post(form);
      await post(JSON.stringify({ password: typed, note: typed, inside: JSON.stringify({ pwd: typed, note: typed }) }));
      await post(`password=${typed}&note=${typed}`);
      await post(new URLSearchParams({ password: typed, note: typed, json: JSON.stringify({ typed }) }));
      for (const body of [form, `note=${typed}`]) {
        const xhr = new XMLHttpRequest();
        xhr.open("POST", "https://api.example/");
        const done = new Promise((resolve) => (xhr.onloadend = resolve));
        xhr.send(body);
        await done;
      }
      console.log("AFTER");
    }, typed);
    await until(() => messages.join().includes("AFTER") && messages.join().split('"fetch-request"').length > 8, "all is recorded");
    const sent = messages.join("\n");
    for (const part of typed.split(/[^a-z]+/).filter(({ length }) => length >= 4)) {
      const at = sent.indexOf(part);
      assert.ok(at < 0, `"${part}" left the page: ${sent.slice(Math.max(0, at - 100), at + 40)}`);
    }
    await opened.close();
  });
}

test("a part of a form that has the name of a secret, whatever is in it and whether it was typed", async () => {
  const loggingConfig = { network: { enabled: true, body: { request: true } } };
  const opened = await open(browser, "<p>", [withOptions({ loggingConfig }), script], { answer: (route) => route.fulfill({ body: "" }) });
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  await opened.page.evaluate(async () => {
    const form = new FormData();
    form.append("password", "never typed&by=anyone here");
    form.append("note", "a&token=b c");
    form.append("more", "a&b c");
    await fetch("https://api.example/", { method: "POST", body: form }).catch(() => {});
  });
  const request = () => opened.events().find(({ data }) => data?.tag === "fetch-request")?.data.payload;
  await until(request, "the request");
  assert.equal(request().requestBody, "password=********&note=********&more=a%26b+c");
  await opened.close();
});

test("typed in a closed shadow tree, and copied outside of it", () =>
  holds("zqxhunter", '<div id="host"></div><p id="mirror">-</p>', async (page) => {
    await page.evaluate(() => {
      const outer = document.getElementById("host").attachShadow({ mode: "closed" });
      const inner = outer.appendChild(document.createElement("div")).attachShadow({ mode: "closed" });
      inner.innerHTML = '<input type="password">';
      const field = inner.firstChild;
      field.addEventListener("input", () => (document.getElementById("mirror").textContent = field.value));
      field.focus();
    });
    await page.keyboard.type("zqxhunter");
  }));
