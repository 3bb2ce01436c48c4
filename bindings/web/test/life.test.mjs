// One rrweb for the life of the document: pausing, resuming and describing anew leave the page's own functions alone, and
// nothing is recorded twice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";
import { replay } from "./support/replay.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const snapshots = (opened) => opened.events().filter(({ type }) => type === 2).length;
const begin = async (html, options = {}, scripts = []) => {
  const opened = await open(browser, html, [withOptions(options), script, ...scripts]);
  await until(() => snapshots(opened) === 1, "a full snapshot");
  return opened;
};
const command = (opened, name, ...values) =>
  opened.page.evaluate(([name, values]) => sessionReplayRecorder[name](...values), [name, values]);

/** Runs in the page: wraps what rrweb wraps, too, and counts the calls. */
const wrapAll = () => {
  window.calls = {};
  const wrap = (object, name) => {
    const before = object[name];
    window.calls[name] = 0;
    object[name] = function (...given) {
      window.calls[name]++;
      return before.apply(this, given);
    };
  };
  for (const name of ["insertRule", "deleteRule", "replaceSync"]) wrap(CSSStyleSheet.prototype, name);
  for (const name of ["setProperty", "removeProperty"]) wrap(CSSStyleDeclaration.prototype, name);
  wrap(Element.prototype, "attachShadow");
  wrap(customElements, "define");
  for (const [{ prototype }, key] of [
    [HTMLInputElement, "value"],
    [HTMLInputElement, "checked"],
    [HTMLSelectElement, "selectedIndex"],
  ]) {
    const own = Object.getOwnPropertyDescriptor(prototype, key);
    window.calls[key] = 0;
    Object.defineProperty(prototype, key, {
      ...own,
      set(value) {
        window.calls[key]++;
        own.set.call(this, value);
      },
    });
  }
};

/** Runs in the page: calls each of them once. */
const callAll = (times) => {
  const { sheet } = document.getElementById("style");
  sheet.insertRule("p { color: red }");
  sheet.deleteRule(0);
  new CSSStyleSheet().replaceSync("p { color: red }");
  document.body.style.setProperty("color", "red");
  document.body.style.removeProperty("color");
  document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
  customElements.define(`x-${times}`, class extends HTMLElement {});
  document.getElementById("input").value = String(times);
  document.getElementById("box").checked = true;
  document.getElementById("select").selectedIndex = 0;
  return Object.entries(window.calls).filter(([, count]) => count !== times);
};

const PAGE = `<style id="style"></style><input id="input"><input id="box" type="checkbox"><select id="select"><option>1</option></select>`;

test("what the page wraps around the browser's functions stays, whatever the host commands", async () => {
  const opened = await begin(PAGE);
  await opened.page.evaluate(wrapAll);
  const steps = [
    ["takeFullSnapshot"],
    ["pause"],
    ["resume"],
    ["takeFullSnapshot"],
    ["setPrivacyConfig", { defaultMaskLevel: "light" }],
    ["setPrivacyConfig", { blockSelector: ".x" }],
    ["pause"],
  ];
  for (const [i, [name, ...values]] of steps.entries()) {
    await command(opened, name, ...values);
    assert.deepEqual(await opened.page.evaluate(callAll, i + 1), [], `after ${i + 1}: ${name}`);
  }
  await opened.close();
});

test("a shadow root that is attached through the page's own function is recorded after a full snapshot, also in a frame", async () => {
  const opened = await begin(`<p></p><iframe id="frame" srcdoc="<p>in the frame</p>"></iframe>`);
  await until(() => opened.messages.join().includes("in the frame"), "the frame");
  await opened.page.evaluate(async () => {
    for (const [name, { Element }] of [["top", window], ["in-frame", document.getElementById("frame").contentWindow]]) {
      const before = Element.prototype.attachShadow;
      Element.prototype.attachShadow = function (options) {
        (window.seen ??= []).push(name);
        return before.call(this, options);
      };
    }
    sessionReplayRecorder.takeFullSnapshot();
    await new Promise((resolve) => setTimeout(resolve, 200));
    sessionReplayRecorder.takeFullSnapshot();
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const [name, { Element, document }] of [["top", window], ["in-frame", window.frame.contentWindow]]) {
      const p = document.querySelector("p");
      // Chromium gives an element of a frame the functions of whoever asked for it first.
      Element.prototype.attachShadow.call(p, { mode: "open" }).innerHTML = `shadow in ${name}`;
      await new Promise((resolve) => setTimeout(resolve, 50));
      p.shadowRoot.append(`later in ${name}`);
    }
  });
  assert.deepEqual(await opened.page.evaluate(() => window.seen), ["top", "in-frame"]);
  for (const text of ["shadow in top", "later in top", "shadow in in-frame", "later in in-frame"])
    await until(() => opened.messages.join().includes(text), text);
  await opened.close();
});

test("after many pauses each change is told once, and each pause ends with a full snapshot", async () => {
  const opened = await begin(`<div id="a"></div>`);
  for (let i = 0; i < 5; i++) {
    await command(opened, "pause");
    await opened.page.evaluate((i) => document.getElementById("a").append(`unseen-${i}`), i);
    await command(opened, "resume");
  }
  await until(() => snapshots(opened) === 6, "six full snapshots");
  await opened.page.evaluate(() => document.getElementById("a").append("told once"));
  await until(() => opened.messages.join().includes("told once"), "the change");
  const told = opened.events().filter((event) => event.type === 3 && JSON.stringify(event).includes("told once"));
  assert.equal(told.length, 1);
  assert.match(await replay(browser, opened.events(), (document) => document.body.innerText), /unseen-0.*unseen-4.*told once/s);
  await opened.close();
});

test("while paused rrweb is told of no change, and what goes meanwhile is forgotten", async () => {
  // rrweb asks this of each element that it describes.
  const counting = `{ const { matches } = Element.prototype;
    window.asked = 0;
    Element.prototype.matches = function (selector) { window.asked++; return matches.call(this, selector); }; }`;
  const opened = await open(browser, `<div id="a"></div>`, [counting, withOptions({}), script]);
  await until(() => snapshots(opened) === 1, "a full snapshot");
  assert.ok((await opened.page.evaluate(() => window.asked)) > 0);
  await command(opened, "pause");
  await opened.page.evaluate(async () => {
    window.asked = 0;
    const gone = [];
    for (let i = 0; i < 20; i++) {
      const element = document.createElement("div");
      element.innerHTML = "<p>text</p>".repeat(100);
      document.getElementById("a").replaceChildren(element);
      gone.push(new WeakRef(element));
      await new Promise((resolve) => setTimeout(resolve));
    }
    window.gone = gone;
  });
  assert.equal(await opened.page.evaluate(() => window.asked), 0);
  const cdp = await opened.page.context().newCDPSession(opened.page);
  await opened.page.waitForTimeout(200);
  await cdp.send("HeapProfiler.collectGarbage");
  const alive = await opened.page.evaluate(() => window.gone.filter((reference) => reference.deref()).length);
  // The browser itself keeps the last of them for a while.
  assert.ok(alive <= 4, `${alive} of 20 elements that were replaced while paused are still held`);
  await opened.close();
});

test("what was there before a pause and went in it is not held after it", async () => {
  const opened = await begin(`<div id="a"><p>text</p></div>`);
  await opened.page.evaluate(() => {
    window.gone = new WeakRef(document.querySelector("p"));
    sessionReplayRecorder.pause();
    document.getElementById("a").replaceChildren();
    sessionReplayRecorder.resume();
  });
  await until(() => snapshots(opened) === 2, "a full snapshot");
  await opened.page.waitForTimeout(1_000);
  const cdp = await opened.page.context().newCDPSession(opened.page);
  await cdp.send("HeapProfiler.collectGarbage");
  assert.equal(await opened.page.evaluate(() => window.gone.deref() === undefined), true);
  await opened.close();
});

test("a host that commands from within its message handler does no harm", async () => {
  const opened = await open(browser, `<p>text</p>`, [
    `window.sessionReplayRecorderOptions = { maxMessageLength: 1, postMessage: (lines) => {
       hostTakes(lines);
       window.taken = (window.taken ?? 0) + 1;
       if (window.taken > 6) return;
       sessionReplayRecorder.takeFullSnapshot();
       sessionReplayRecorder.pause();
       sessionReplayRecorder.resume();
       sessionReplayRecorder.setPrivacyConfig({});
     } };`,
    script,
  ]);
  await until(() => opened.messages.length > 6, "messages");
  await opened.page.waitForTimeout(200);
  await opened.page.evaluate(() => document.body.append("at last"));
  await until(() => opened.messages.join().includes("at last"), "a change");
  const events = opened.events();
  const told = events.filter((event) => event.type === 3 && JSON.stringify(event).includes("at last"));
  assert.equal(told.length, 1);
  assert.ok(!events.slice(0, events.findIndex(({ type }) => type === 2)).some(({ type }) => type === 3));
  assert.deepEqual((await command(opened, "status")).problems, []);
  await opened.close();
});

test("blockSelector can change while one rrweb runs", async () => {
  const opened = await begin(`<div class="x">first secret</div><div class="y">open text</div>`);
  await command(opened, "setPrivacyConfig", { blockSelector: ".x" });
  await until(() => snapshots(opened) === 2, "a full snapshot");
  assert.ok(!JSON.stringify(opened.events().findLast(({ type }) => type === 2)).includes("first secret"));
  await opened.page.evaluate(() => {
    document.querySelector(".x").append("added secret");
    document.querySelector(".y").append("added text");
  });
  await until(() => opened.messages.join().includes("added text"), "a change");
  assert.ok(!opened.messages.join().includes("added secret"));
  await opened.close();
});

test("what changed in the same turn before pause() is recorded, and nothing behind it", async () => {
  const opened = await open(browser, "<p>-</p>", [withOptions({}), script]);
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  await opened.page.evaluate(() => {
    document.querySelector("p").textContent = "BEFORE";
    sessionReplayRecorder.pause();
    document.querySelector("p").textContent = "BEHIND";
  });
  await until(() => opened.messages.join().includes("BEFORE"), "the change");
  assert.ok(!opened.messages.join().includes("BEHIND"));
  await opened.close();
});
