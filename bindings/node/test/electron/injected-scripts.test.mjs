// The scripts that the preload script injects into the page's world: the page finds its functions as they were, and what a page
// reports itself is checked.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundle } from "../../../../tests/support/bundle.mjs";
import { until } from "../../../../tests/support/waiting.mjs";
import { App, IpcMain, openWindow } from "./support/electron.mjs";
import { context, folder, viewer } from "./support/stage.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const SESSION = 1732600000000;

const html = "<!doctype html><title>Shop</title><style id=s>p { color: red } @media all { p { width: 1px } }</style><p>goods</p>";

async function open(t, deviceId, more) {
  const app = new App(join(folder, deviceId));
  const ipcMain = new IpcMain();
  const options = viewer.options({ deviceId, sessionId: SESSION, flushIntervalConfig: { minIntervalMs: 50, maxIntervalMs: 200 } });
  const attached = attach({ ipcMain, app, apiKey: "key", options });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  const window = await openWindow(context, ipcMain, app, { html, ...more });
  const arrived = (test) =>
    until(async () => {
      const events = await viewer.events(deviceId, SESSION);
      return test(events) && events;
    }, `events of ${deviceId} arrive`);
  await arrived((events) => events.some(({ type }) => type === 2));
  return { ...window, arrived };
}

/** Runs in a page: what can be seen of everything that the scripts replace. */
function lookAround() {
  const places = {
    Element: ["attachShadow"],
    CustomElementRegistry: ["define"],
    Document: ["adoptedStyleSheets"],
    ShadowRoot: ["adoptedStyleSheets"],
    CSSStyleSheet: ["insertRule", "deleteRule", "addRule", "removeRule", "replace", "replaceSync"],
    CSSGroupingRule: ["insertRule", "deleteRule"],
    CSSStyleRule: ["insertRule", "deleteRule", "selectorText", "style", "styleMap"],
    CSSStyleDeclaration: ["setProperty", "removeProperty", "cssText"],
    CSSKeyframesRule: ["appendRule", "deleteRule", "name"],
    CSSMediaRule: ["media"],
    HTMLInputElement: ["value", "checked"],
    HTMLOptionElement: ["selected"],
  };
  const ofFunction = (f) => f && [f.name, f.length, String(f).includes("[native code]"), Object.getOwnPropertyNames(f), "prototype" in f];
  const seen = {};
  for (const [type, names] of Object.entries(places)) {
    const { prototype } = window[type];
    seen[type] = [Object.getOwnPropertyNames(prototype)];
    for (const name of names) {
      const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(prototype, name);
      seen[type].push([name, ofFunction(value), ofFunction(get), ofFunction(set), flags]);
    }
  }
  const thrown = (work) => {
    try {
      return String(work());
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  };
  const sheet = new CSSStyleSheet();
  const { sheet: owned } = document.querySelector("#s");
  seen.errors = [
    () => sheet.insertRule("nonsense"),
    () => sheet.insertRule(),
    () => sheet.deleteRule(7),
    () => owned.cssRules[1].insertRule("p {}", 9),
    () => owned.replaceSync("p {}"),
    () => (document.adoptedStyleSheets = [1]),
    () => CSSStyleSheet.prototype.insertRule.call({}, "p {}"),
    () => document.querySelector("p").attachShadow({}),
    () => document.createElement("input").attachShadow({ mode: "open" }),
    () => customElements.define("nodash", class extends HTMLElement {}),
    () => Object.getOwnPropertyDescriptor(CSSStyleRule.prototype, "style").get.call(window),
    () => new CSSStyleSheet.prototype.insertRule("p {}"),
  ].map(thrown);
  seen.same = [document.adoptedStyleSheets === document.adoptedStyleSheets, owned.cssRules[0].style === owned.cssRules[0].style];
  return JSON.stringify(seen);
}

test("the page finds its functions as they were: names, lengths, flags, and what they throw", async (t) => {
  const { page, errors } = await open(t, "unseen");
  const plain = await context.newPage();
  await plain.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: html }));
  await plain.goto("http://app.test/plain");
  const [here, there] = [await page.evaluate(lookAround), await plain.evaluate(lookAround)];
  assert.deepEqual(JSON.parse(here), JSON.parse(there));
  const globals = () => Object.getOwnPropertyNames(window).filter((name) => name.includes("ession"));
  assert.deepEqual((await page.evaluate(globals)).sort(), [...(await plain.evaluate(globals)), "sessionReplay"].sort());
  assert.deepEqual(errors, []);
  await plain.close();
});

test("a page that replaces what events and proxies are made of learns nothing, and is recorded", async (t) => {
  const { page, errors, arrived } = await open(t, "curious");
  const learned = await page.evaluate(async () => {
    const learned = [];
    const spy = (holder, name) => {
      const native = holder[name];
      holder[name] = function (...given) {
        learned.push(name);
        return new.target ? new native(...given) : native.apply(this, given);
      };
    };
    for (const name of ["addEventListener", "dispatchEvent"]) spy(EventTarget.prototype, name);
    for (const name of ["CustomEvent", "Event", "FocusEvent", "Proxy", "queueMicrotask"]) spy(window, name);
    for (const name of ["apply", "defineProperty", "getOwnPropertyDescriptor"]) spy(Reflect, name);
    for (const name of ["get", "set", "apply", "has"]) {
      const get = () => void learned.push(`trap ${name}`);
      Object.defineProperty(Object.prototype, name, { __proto__: null, configurable: true, get });
    }
    Array.prototype.toJSON = () => "none";
    const { sheet } = document.querySelector("#s");
    sheet.insertRule("p { color: rgb(77, 0, 0) }", 2);
    sheet.cssRules[1].insertRule("p { color: rgb(78, 0, 0) }", 1);
    sheet.cssRules[0].style.fontSize = "79px";
    document.adoptedStyleSheets = [new CSSStyleSheet()];
    document.adoptedStyleSheets[0].replaceSync("p { top: 80px }");
    document.querySelector("p").attachShadow({ mode: "open" }).innerHTML = "rooted";
    await 0;
    for (const name of ["get", "set", "apply", "has"]) delete Object.prototype[name];
    delete Array.prototype.toJSON;
    return learned;
  });
  assert.deepEqual(learned, []);
  const all = await arrived((events) => JSON.stringify(events).includes("rooted"));
  const json = JSON.stringify(all);
  for (const text of ["rgb(77, 0, 0)", "rgb(78, 0, 0)", "79px", "80px"]) assert.ok(json.includes(text), text);
  assert.deepEqual(errors, []);
});

test("a closed shadow root, and what is in it, is recorded by nobody", async (t) => {
  const { page, errors, arrived } = await open(t, "closed");
  await page.evaluate(() => {
    const root = document.querySelector("p").attachShadow({ mode: "closed" });
    root.innerHTML = "<style>b { color: rgb(66, 0, 0) }</style><span>secret</span><input>";
    root.querySelector("style").sheet.insertRule("b { color: rgb(67, 0, 0) }");
    root.querySelector("input").value = "secret";
    root.querySelector("span").attachShadow({ mode: "open" }).innerHTML = "secret";
    document.body.append("the end");
  });
  const events = await arrived((events) => JSON.stringify(events).includes("the end"));
  const json = JSON.stringify(events);
  for (const text of ["secret", "rgb(66", "rgb(67"]) assert.ok(!json.includes(text), text);
  // Seen from outside, what happens in there happens to the element around it.
  assert.deepEqual(events.filter(({ type, data }) => type === 3 && [5, 8].includes(data.source)), []);
  assert.deepEqual(errors, []);
});

test("pages that define elements one after the other are told whole seldom", async (t) => {
  const { page, errors, arrived } = await open(t, "defines");
  await page.evaluate(async () => {
    document.body.innerHTML = Array.from({ length: 100 }, (_, i) => `<x-${i}></x-${i}>`).join("");
    for (let i = 0; i < 100; i++) {
      customElements.define(`x-${i}`, class extends HTMLElement {});
      await new Promise((done) => setTimeout(done, 60));
    }
    document.body.append("the end");
  });
  const events = await arrived((events) => JSON.stringify(events).includes("the end"));
  const snapshots = events.filter(({ type }) => type === 2).length;
  assert.ok(snapshots >= 2 && snapshots <= 5, `${snapshots} full snapshots`);
  assert.deepEqual(errors, []);
});

test("a report is a call that is known, with what it takes, or nothing", async () => {
  const preload = fileURLToPath(new URL("../../src/electron/preload", import.meta.url));
  const source = await bundle('export * from "./page-reports.ts"', preload, { loader: "ts" });
  const { sheetCallIn } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  const rows = [
    ["insertRule\n\n2\np { color: red }", { call: "insertRule", path: [], given: ["p { color: red }", 2] }],
    ["insertRule\n1,0\n0\np {\n}\n", { call: "insertRule", path: [1, 0], given: ["p {\n}\n", 0] }],
    ["deleteRule\n3\n5\n", { call: "deleteRule", path: [3], given: [5] }],
    ["replaceSync\n\n\na\nb", { call: "replaceSync", path: [], given: ["a\nb"] }],
    ["replace\n\n\n", { call: "replace", path: [], given: [""] }],
    ["setProperty\n0\nimportant\ncolor\nred", { call: "setProperty", path: [0], given: ["color", "red", "important"] }],
    ["removeProperty\n0\n\ncolor\n", { call: "removeProperty", path: [0], given: ["color"] }],
    ["insertRule\n\n-1\np {}", null],
    ["insertRule\n\n1.5\np {}", null],
    ["insertRule\n\n\np {}", null],
    ["insertRule\n__proto__\n1\np {}", null],
    ["insertRule\n1,\n1\np {}", null],
    [`insertRule\n${Array(65).fill(0)}\n1\np {}`, null],
    ["deleteRule\n\nNaN\n", null],
    ["constructor\n\n0\n", null],
    ["remove\n\n0\n", null],
    ["insertRule\n1", null],
    ["", null],
    ["value", null],
  ];
  for (const [report, call] of rows) assert.deepEqual(sheetCallIn(report), call, JSON.stringify(report));
});
