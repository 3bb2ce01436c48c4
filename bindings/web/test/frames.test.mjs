// Frames of other origins: a recorder in each document, one recording, whoever starts first and whatever else is said to them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";
import { replay } from "./support/replay.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const ENABLED = { pageOptions: { crossOriginIframes: { enabled: true } } };
const RECORDER = `<script src="/recorder.js"></script>`;

/** Documents by their addresses; each that is to be recorded loads the recorder itself, where and when it says so. */
async function pages(html, documents, { options = ENABLED, optionsOf = {} } = {}) {
  const answer = (route) => {
    const { host, pathname } = new URL(route.request().url());
    if (pathname === "/recorder.js") return route.fulfill({ contentType: "text/javascript", body: script });
    const body = documents[`${host}${pathname}`] ?? documents[host];
    return body === undefined ? route.abort() : route.fulfill({ contentType: "text/html", body });
  };
  const choose = Object.entries(optionsOf).map(
    ([host, of]) => `if (location.host === ${JSON.stringify(host)}) ${withOptions(of)}`,
  );
  return open(browser, html, [withOptions(options), ...choose], { answer });
}

const top = (body) => `<!doctype html><script>${script.replaceAll("</script", "<\\/script")}</script><body>${body}</body>`;
const frame = (host, rest = "") => `<iframe src="https://${host}/" ${rest}></iframe>`;
const child = (body) => `<!doctype html>${RECORDER}<body>${body}</body>`;

/** What a player shows of the page and of all frames in it, one text each, the outermost first. */
const texts = (events) =>
  replay(browser, events, (document) => {
    const all = [];
    const look = (document) => {
      all.push(document.body ? document.body.innerText.trim().replace(/\s+/g, " ") : "");
      const walk = (root) => {
        for (const element of root.querySelectorAll("*")) {
          if (element.tagName === "IFRAME" && element.contentDocument) look(element.contentDocument);
          if (element.shadowRoot) walk(element.shadowRoot);
        }
      };
      walk(document);
    };
    look(document);
    return all;
  });
const shows = async (opened, wanted) => {
  let seen;
  await until(async () => {
    if (!opened.events().some(({ type }) => type === 2)) return false;
    seen = await texts(opened.events());
    return JSON.stringify(seen) === JSON.stringify(wanted);
  }, `the replay shows ${JSON.stringify(wanted)}`).catch((error) => {
    throw new Error(`${error.message}; it shows ${JSON.stringify(seen)}`);
  });
};
const frameOf = (opened, host) => opened.page.frames().find((frame) => new URL(frame.url()).host === host);

test("what is in a frame of another origin is part of the recording, with what changes in it", async () => {
  const opened = await pages(top(`<p>page</p>${frame("child.example")}`), {
    "child.example": child(`<p id="p">child</p><input id="i">`),
  });
  await shows(opened, ["page", "child"]);
  await frameOf(opened, "child.example").evaluate(() => (document.getElementById("p").textContent = "changed"));
  await frameOf(opened, "child.example").type("#i", "typed");
  await shows(opened, ["page", "changed"]);
  await until(() => opened.events().some(({ type, data }) => type === 3 && data.source === 5 && data.text === "*****"), "the input");
  await opened.close();
});

test("either may start first, and either may be loaded anew", async () => {
  const late = `<!doctype html><body>late<script>setTimeout(() => {
    document.head.append(Object.assign(document.createElement("script"), { src: "/recorder.js" }));
  }, 1_500)</script></body>`;
  const opened = await pages(top(`<p>page</p>${frame("child.example")}${frame("late.example")}`), {
    "child.example": child("child"),
    "late.example": late,
  });
  await shows(opened, ["page", "child", "late"]);
  await frameOf(opened, "child.example").evaluate(() => ((window.isBefore = true), location.reload()));
  await until(() => frameOf(opened, "child.example").evaluate(() => !window.isBefore && document.readyState === "complete").catch(() => false), "reloaded");
  await frameOf(opened, "child.example").evaluate(() => document.body.append(" again"));
  await shows(opened, ["page", "child again", "late"]);
  opened.messages.length = 0;
  await opened.page.reload();
  await shows(opened, ["page", "child", "late"]);
  await opened.close();
});

test("a page that begins after its frames, or is told to, records them", async () => {
  const opened = await pages(
    top(`<p>page</p>${frame("child.example")}`),
    { "child.example": child("child") },
    { options: { ...ENABLED, autoStart: false } },
  );
  // Longer than a frame says hello by itself.
  await opened.page.waitForTimeout(1_500);
  assert.deepEqual(opened.messages, []);
  await opened.page.evaluate(() => sessionReplayRecorder.resume());
  await shows(opened, ["page", "child"]);
  await opened.close();
});

test("frames that are added, moved to another address, in shadow trees and in frames of the page's origin are recorded", async () => {
  const near = `<p>near</p>${frame("child.example")}`;
  const opened = await pages(top(`<p>page</p><iframe id="near"></iframe><div id="host"></div><script>
    document.getElementById("near").contentDocument.body.innerHTML = ${JSON.stringify(near).replace("</", "<\\/")};
  </script>`), {
    "child.example": child("child"),
    "next.example": child("next"),
    "plain.example": "<!doctype html>plain",
    "shadow.example": child("shadow"),
    "added.example": child("added"),
  });
  await shows(opened, ["page", "near", "child"]);
  await opened.page.evaluate(
    ([shadow, added]) => {
      document.getElementById("host").attachShadow({ mode: "open" }).innerHTML = shadow;
      document.body.insertAdjacentHTML("beforeend", `<section>${added}</section>`);
    },
    [frame("shadow.example"), frame("added.example")],
  );
  await shows(opened, ["page", "near", "child", "shadow", "added"]);
  await frameOf(opened, "added.example").evaluate(() => (location.href = "https://next.example/"));
  await shows(opened, ["page", "near", "child", "shadow", "next"]);
  await frameOf(opened, "next.example").evaluate(() => (location.href = "https://plain.example/"));
  await shows(opened, ["page", "near", "child", "shadow", ""]);
  await opened.page.evaluate(() => document.querySelector("section").remove());
  await shows(opened, ["page", "near", "child", "shadow"]);
  await opened.close();
});

test("frames in frames, three levels deep", async () => {
  const near = `<iframe id="near"></iframe><script>
    document.getElementById("near").contentDocument.body.innerHTML = "<p>of the child</p>";
  </script>`;
  const opened = await pages(top(`page${frame("child.example")}`), {
    "child.example": child(`child${near}${frame("inner.example")}`),
    "inner.example": child(`<p id="p">inner</p>`),
  });
  await shows(opened, ["page", "child", "of the child", "inner"]);
  await frameOf(opened, "inner.example").evaluate(() => (document.getElementById("p").textContent = "changed"));
  await opened.page.evaluate(() => sessionReplayRecorder.takeFullSnapshot());
  await shows(opened, ["page", "child", "of the child", "changed"]);
  await opened.close();
});

test("a pause of the page is one of its frames, and it ends with a full snapshot of them", async () => {
  const opened = await pages(top(`page${frame("child.example")}`), { "child.example": child(`<p id="p">child</p>`) });
  await shows(opened, ["page", "child"]);
  const isRecording = () => frameOf(opened, "child.example").evaluate(() => sessionReplayRecorder.status().recording);
  await opened.page.evaluate(() => sessionReplayRecorder.pause());
  await until(async () => !(await isRecording()), "the frame pauses");
  const before = opened.messages.length;
  await frameOf(opened, "child.example").evaluate(() => (document.getElementById("p").textContent = "while paused"));
  await opened.page.waitForTimeout(300);
  assert.equal(opened.messages.length, before);
  opened.messages.length = 0;
  await opened.page.evaluate(() => sessionReplayRecorder.resume());
  await shows(opened, ["page", "while paused"]);
  // A frame that its own host has paused stays so.
  await frameOf(opened, "child.example").evaluate(() => sessionReplayRecorder.pause());
  opened.messages.length = 0;
  await opened.page.evaluate(() => sessionReplayRecorder.takeFullSnapshot());
  await shows(opened, ["page", ""]);
  await frameOf(opened, "child.example").evaluate(() => sessionReplayRecorder.resume());
  await shows(opened, ["page", "while paused"]);
  await opened.close();
});

const SECRETS = `<p class="amp-unmask" title="child title">unmasked</p><p>child text</p><input class="amp-unmask" value="child value"><style>b { color: red }</style>`;
const all = (opened) => opened.messages.join("\n");

test("what a frame masks stays masked, and what the page masks everywhere is masked in the frame whatever that shows", async () => {
  const light = { pageOptions: ENABLED.pageOptions, privacyConfig: { defaultMaskLevel: "light" } };
  const conservative = { pageOptions: ENABLED.pageOptions, privacyConfig: { defaultMaskLevel: "conservative" } };
  const record = async (options, own, act = () => {}) => {
    const opened = await pages(
      top(`<p>page text</p>${frame("child.example")}`),
      { "child.example": child(SECRETS) },
      { options, optionsOf: { "child.example": own } },
    );
    await until(() => all(opened).includes("isAttachIframe"), "the frame");
    await act(opened);
    const text = all(opened);
    await opened.close();
    return text;
  };
  const shown = await record(light, light);
  for (const text of ["page text", "child text", "child value", "child title"]) assert.ok(shown.includes(text), text);
  const own = await record(light, conservative);
  assert.ok(own.includes("page text") && own.includes("unmasked") && !own.includes("child text"));
  const pages_ = await record(conservative, light, async (opened) => {
    await frameOf(opened, "child.example").evaluate(() => document.querySelector("p").append("added text"));
    await frameOf(opened, "child.example").evaluate(() => document.querySelector("p").setAttribute("title", "set title"));
    await frameOf(opened, "child.example").type("input", "typed");
    await until(() => opened.events().filter(({ data }) => data.source === 5).length > 0, "the input");
  });
  for (const text of ["page text", "child text", "unmasked", "child value", "child title", "added text", "set title", "typed"])
    assert.ok(!pages_.includes(text), `${text} was recorded`);
  assert.ok(pages_.includes("color: red"));
});

test("a frame is masked at the page's level where that is stricter, and at the page's next level, too", async () => {
  const privacy = (privacyConfig) => ({ ...ENABLED, privacyConfig });
  const opened = await pages(
    top(`page${frame("child.example")}`),
    { "child.example": child(`<input value="in the field"><p>child text</p>`) },
    {
      options: privacy({ defaultMaskLevel: "medium", urlMaskLevels: [{ match: "*/secret", maskLevel: "conservative" }] }),
      optionsOf: { "child.example": privacy({ defaultMaskLevel: "light" }) },
    },
  );
  await until(() => all(opened).includes("child text"), "the frame");
  assert.ok(!all(opened).includes("in the field"));
  opened.messages.length = 0;
  await opened.page.evaluate(() => history.pushState(null, "", "/secret"));
  await frameOf(opened, "child.example").evaluate(() => document.querySelector("p").append(" and more"));
  await until(() => all(opened).includes("isAttachIframe"), "the frame, described anew");
  assert.ok(!all(opened).includes("child text") && !all(opened).includes("more"));
  await opened.close();
});

test("a frame in an element that is blocked or masked is not recorded, nor once it is", async () => {
  const opened = await pages(
    top(`page${frame("blocked.example", `class="amp-block"`)}<div class="amp-mask">${frame("masked.example")}</div>${frame("child.example")}`),
    { "blocked.example": child("blocked text"), "masked.example": child("masked text"), "child.example": child("<p>child</p>") },
  );
  await until(() => all(opened).includes(`"child"`), "the frame that is shown");
  await opened.page.waitForTimeout(1_500);
  assert.ok(!/blocked text|masked text/.test(all(opened)));
  await opened.page.evaluate(() => (document.querySelector("body > iframe:last-of-type").className = "amp-block"));
  await frameOf(opened, "child.example").evaluate(() => (document.querySelector("p").textContent = "hidden now"));
  await opened.page.waitForTimeout(500);
  assert.ok(!all(opened).includes("hidden now"));
  await opened.close();
});

test("allowedOrigins says which frames the page records, and which pages a frame gives anything", async () => {
  const allow = (...allowedOrigins) => ({ pageOptions: { crossOriginIframes: { enabled: true, allowedOrigins } } });
  const opened = await pages(
    top(`page${frame("child.example")}${frame("other.example")}${frame("wary.example")}`),
    { "child.example": child("child"), "other.example": child("other"), "wary.example": child("wary") },
    {
      options: allow("https://child.example", "https://wary.example"),
      optionsOf: {
        "child.example": allow("https://shop.example"),
        "other.example": allow("https://shop.example"),
        "wary.example": allow("https://elsewhere.example"),
      },
    },
  );
  await shows(opened, ["page", "child", "", ""]);
  await opened.page.waitForTimeout(1_500);
  await shows(opened, ["page", "child", "", ""]);
  for (const host of ["other.example", "wary.example"])
    assert.equal(await frameOf(opened, host).evaluate(() => sessionReplayRecorder.status().recording), false, host);
  await opened.close();
});

/** Runs in a frame: says what a recorder there would, and `say` gets the port. */
const pose = (lines) =>
  `<!doctype html>posing<script>
    addEventListener("message", ({ data, ports: [port] }) => {
      if (data.action !== "connect") return;
      port.onmessage = ({ data }) => {
        if (data.action !== "record") return;
        window.port = port;
        window.generation = data.generation;
        for (const lines of ${JSON.stringify(lines)}) port.postMessage({ action: "events", generation: data.generation, lines });
      };
    });
    parent.postMessage({ type: "session-replay-frame", action: "hello" }, "*");
  </script>`;
const snapshot = (childNodes) => JSON.stringify({ type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes }, initialOffset: {} } });
const BODY = { type: 2, id: 2, tagName: "html", attributes: {}, childNodes: [{ type: 2, id: 3, tagName: "body", attributes: {}, childNodes: [{ type: 3, id: 4, textContent: "posed" }] }] };
const change = (data) => JSON.stringify({ type: 3, timestamp: 1, data });

test("a frame can say nothing but what is in it, and rubbish is refused", async () => {
  const depth = 100_000;
  const deep = `{"type":2,"id":9,"tagName":"p","attributes":{},"childNodes":[`.repeat(depth) + "]}".repeat(depth);
  const mutation = { source: 0, adds: [], removes: [], texts: [], attributes: [] };
  const rubbish = [
    "", "null", "[]", "{", `"text"`, "1", "{}", `{"type":3}`, `{"type":3,"data":null}`, `{"type":2,"data":{"node":[]}}`,
    snapshot(["deep"]).replace(`"deep"`, deep),
    snapshot([{ ...BODY, tagName: "a b" }]), snapshot([{ ...BODY, attributes: null }]), snapshot([{ ...BODY, id: "1" }]), snapshot([{ ...BODY, type: 9 }]),
    // Before a full snapshot there is nothing that could change.
    change({ ...mutation, texts: [{ id: 4, value: "early" }] }),
    snapshot([BODY]),
    change({ ...mutation, adds: null }), change({ ...mutation, texts: [{ id: 4, value: {} }] }), change({ ...mutation, removes: [{ id: -5.5 }] }),
    change({ source: 4, width: 1, height: 1 }), change({ source: 10, family: "x" }), change({ source: "constructor" }),
    // Of the page's own nodes, were the numbers taken as they are.
    ...Array.from({ length: 60 }, (_, id) => change({ ...mutation, removes: [{ parentId: id, id: id + 1 }] })),
    ...Array.from({ length: 60 }, (_, id) => change({ ...mutation, texts: [{ id: id + 5, value: "overwritten" }] })),
    JSON.stringify({ type: 5, timestamp: 1, data: { tag: "session-replay-recorder", payload: { problems: ["made up"] } } }),
    JSON.stringify({ type: 6, timestamp: 1, data: { plugin: "rrweb/console@1", payload: {} } }),
    JSON.stringify({ type: 4, timestamp: 1, data: { href: "https://made-up.example/", width: 1, height: 1 } }),
    snapshot([BODY]),
  ];
  const opened = await pages(top(`<p id="p">page</p>${frame("posing.example")}`), { "posing.example": pose(rubbish) });
  await shows(opened, ["page", "posed"]);
  await frameOf(opened, "posing.example").evaluate(() => {
    for (const rubbish of [null, 1, "text", [], {}, { action: "events" }, { action: "events", generation, lines: 1 }, { action: 1 }])
      port.postMessage(rubbish);
    for (const rubbish of [null, "text", { type: "rrweb" }, { type: "session-replay-frame" }, { type: "session-replay-frame", action: "connect" }])
      parent.postMessage(rubbish, "*");
  });
  await opened.page.evaluate(() => {
    document.getElementById("p").textContent = "goes on";
    postMessage({ type: "session-replay-frame", action: "hello" }, "*");
  });
  await shows(opened, ["goes on", "posed"]);
  assert.ok(!/made up|made-up|"early"/.test(all(opened)));
  const problems = await opened.page.evaluate(() => sessionReplayRecorder.status().problems);
  assert.ok(problems.length > 0 && problems.every((problem) => problem.startsWith("an event of the frame of https://posing.example was refused: ")), String(problems));
  await opened.close();
});

test("a frame that sends too much is left out, and the page is recorded", async () => {
  const opened = await pages(top(`<p id="p">page</p>${frame("posing.example")}${frame("child.example")}`), {
    "posing.example": pose([snapshot([BODY])]),
    "child.example": child("child"),
  });
  await shows(opened, ["page", "posed", "child"]);
  await frameOf(opened, "posing.example").evaluate(() => {
    const lines = "x".repeat(5_000_000);
    for (let i = 0; i < 10; i++) port.postMessage({ action: "events", generation, lines });
  });
  await until(
    async () => String(await opened.page.evaluate(() => sessionReplayRecorder.status().problems)).includes("it sends too much"),
    "the frame is left out",
  );
  await opened.page.evaluate(() => (document.getElementById("p").textContent = "goes on"));
  await opened.page.evaluate(() => sessionReplayRecorder.takeFullSnapshot());
  await shows(opened, ["goes on", "", "child"]);
  await opened.close();
});

test("a frame that begins again and again is not heard each time, nor may it send more for that", async () => {
  const opened = await pages(top(`<p id="p">page</p>${frame("posing.example")}`), { "posing.example": pose([snapshot([BODY])]) });
  await shows(opened, ["page", "posed"]);
  const before = opened.messages.length;
  await frameOf(opened, "posing.example").evaluate(async () => {
    for (let i = 0; i < 1_000; i++) parent.postMessage({ type: "session-replay-frame", action: "hello" }, "*");
  });
  await opened.page.evaluate(() => (document.getElementById("p").textContent = "goes on"));
  await until(() => all(opened).includes("goes on"), "the page");
  await opened.page.waitForTimeout(500);
  const begun = opened.messages.slice(before).join().split("isAttachIframe").length;
  assert.ok(begun < 300, `${begun} documents`);
  await opened.close();
});

test("a frame that comes back from the browser's cache is recorded again", async () => {
  const opened = await pages(top(`page${frame("child.example")}`), { "child.example": child(`<p id="p">child</p>`) });
  await shows(opened, ["page", "child"]);
  await opened.page.frames()[1].evaluate(() => {
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    document.getElementById("p").textContent = "in the cache";
  });
  await shows(opened, ["page", ""]);
  await opened.page.frames()[1].evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await shows(opened, ["page", "in the cache"]);
  await opened.close();
});

test("the scripts of the pages hear a handshake, and nothing of what is recorded", async () => {
  const opened = await pages(top(`page${frame("child.example")}<script>heard = []; addEventListener("message", ({ data }) => heard.push(data))</script>`), {
    "child.example": child(`<p id="p">child</p><script>heard = []; addEventListener("message", ({ data }) => heard.push(data))</script>`),
  });
  await shows(opened, ["page", "child"]);
  await frameOf(opened, "child.example").evaluate(() => (document.getElementById("p").textContent = "changed"));
  await shows(opened, ["page", "changed"]);
  const heard = [opened.page, frameOf(opened, "child.example")].map((page) => page.evaluate(() => heard));
  for (const messages of await Promise.all(heard)) {
    assert.ok(messages.length > 0 && messages.length < 6, JSON.stringify(messages));
    for (const message of messages) assert.deepEqual(Object.keys(message), ["type", "action"]);
  }
  await opened.close();
});

test("where it is not asked for, no frame runs a recorder, nor does one of the page's own origin", async () => {
  const html = top(`page<iframe></iframe>${frame("child.example")}`);
  const off = await pages(html, { "child.example": child("child") }, { options: {} });
  await shows(off, ["page", "", ""]);
  for (const frame of off.page.frames().slice(1))
    assert.equal(await frame.evaluate(() => typeof sessionReplayRecorder), "undefined", frame.url());
  await off.close();
  const on = await open(browser, html.replace(/<script>.*<\/script>/s, ""), [withOptions(ENABLED), script], {
    answer: (route) => route.fulfill({ contentType: "text/html", body: "child" }),
  });
  await shows(on, ["page", "", "child"]);
  const types = await Promise.all(on.page.frames().map((frame) => frame.evaluate(() => typeof sessionReplayRecorder)));
  assert.deepEqual(types, ["object", "undefined", "object"]);
  await on.close();
});
