// A document that is replaced under the recorder is noticed, and described anew: what follows is recorded as before.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";
import { replay } from "./support/replay.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const snapshots = (opened) => opened.events().filter(({ type }) => type === 2).length;
const includes = (opened, text) => opened.messages.join("\n").includes(text);
const bodyText = (document) => document.body?.innerText.replace(/\s+/g, " ").trim() ?? "";

const SECOND = `<body><h1>second page</h1><input id="i"><input id="p" type="password"></body>`;

const REPLACE = {
  "document.open, write, close": (second) => {
    document.open();
    document.write(second);
    document.close();
  },
  "document.open and write, never closed": (second) => {
    document.open();
    document.write(second);
  },
  "document.write after the page was loaded": (second) => document.write(second),
  "document.open twice, in turns of their own": async (second) => {
    document.open();
    await new Promise((resolve) => setTimeout(resolve, 30));
    document.open();
    document.write(second);
    document.close();
  },
  "document.write piece by piece": async (second) => {
    document.open();
    for (let at = 0; at < second.length; at += 20) {
      document.write(second.slice(at, at + 20));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    document.close();
  },
  "another root element": (second) => {
    const root = document.createElement("html");
    root.innerHTML = second;
    document.documentElement.replaceWith(root);
  },
  "a root element removed, and one added later": async (second) => {
    document.documentElement.remove();
    await new Promise((resolve) => setTimeout(resolve, 30));
    document.appendChild(document.createElement("html")).innerHTML = second;
  },
  "the same root element taken out and put back": (second) => {
    const root = document.documentElement;
    root.remove();
    document.append(root);
    document.body.innerHTML = second;
  },
  "innerHTML of the root element": (second) => (document.documentElement.innerHTML = second),
};

for (const [how, act] of Object.entries(REPLACE)) {
  test(`${how}: what follows is recorded`, async () => {
    const opened = await open(browser, `<p>first</p>`, [withOptions({}), script]);
    await until(() => snapshots(opened) === 1, "the first full snapshot");
    await opened.page.evaluate(act, SECOND);
    await until(() => includes(opened, "second page"), "the second page");
    await opened.page.waitForTimeout(50);
    await opened.page.evaluate(() => document.body.append("added later"));
    await until(() => includes(opened, "added later"), "a change of the second page");
    await opened.page.fill("#p", "hunter22");
    await opened.page.type("#i", "abc");
    await opened.page.evaluate(() => document.body.setAttribute("data-mirror", document.getElementById("p").value));
    await until(() => opened.events().some(({ data }) => data.source === 5 && data.text === "***"), "what is typed");
    await opened.page.mouse.click(5, 5);
    await until(() => opened.events().some(({ data }) => data.source === 2 && data.type === 2), "a click");
    assert.ok(!includes(opened, "hunter22"), "a password of the second page is known as one");
    const text = await replay(browser, opened.events(), bodyText);
    assert.ok(text.includes("second page") && text.includes("added later") && !text.includes("first"), text);
    // The page's end is still noticed.
    await opened.page.evaluate(() => {
      document.body.append("the last thing");
      dispatchEvent(new PageTransitionEvent("pagehide"));
    });
    await until(() => includes(opened, "the last thing"), "what is sent with the page's end");
    assert.deepEqual((await opened.page.evaluate(() => sessionReplayRecorder.status())).problems, []);
    await opened.close();
  });
}

test("replaced while paused: it begins with the new document", async () => {
  const opened = await open(browser, `<p>first</p>`, [withOptions({}), script]);
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  await opened.page.evaluate((second) => {
    sessionReplayRecorder.pause();
    document.open();
    document.write(second);
    document.close();
  }, SECOND);
  await opened.page.fill("#p", "hunter22");
  await opened.page.evaluate(() => {
    document.getElementById("p").type = "text";
    sessionReplayRecorder.resume();
  });
  await until(() => snapshots(opened) === 2, "a full snapshot");
  await opened.page.type("#i", "abc");
  await until(() => opened.events().some(({ data }) => data.source === 5 && data.text === "***"), "what is typed");
  assert.ok(!includes(opened, "hunter22"), "what was typed while it paused is known as a password");
  await opened.close();
});

test("a page that replaces its document again and again is described once a second", async () => {
  const opened = await open(browser, `<p>first</p>`, [withOptions({}), script]);
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  const ms = await opened.page.evaluate(async () => {
    const began = performance.now();
    for (let i = 0; i < 100; i++) {
      const root = document.createElement("html");
      root.innerHTML = `<body>version ${i}.</body>`;
      document.documentElement.replaceWith(root);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return performance.now() - began;
  });
  await until(() => includes(opened, "version 99."), "the last version");
  assert.ok(snapshots(opened) <= 4 + ms / 1_000, `${snapshots(opened)} full snapshots in ${ms} ms`);
  await opened.close();
});

const FRAME = {
  "document.open, write, close": (frame) => {
    frame.contentDocument.open();
    frame.contentDocument.write(`<p>second in the frame</p><input id="i">`);
    frame.contentDocument.close();
  },
  "document.write, never closed": (frame) => frame.contentDocument.write(`<p>second in the frame</p><input id="i">`),
  "another root element": (frame) => {
    const root = frame.contentDocument.createElement("html");
    root.innerHTML = `<body><p>second in the frame</p><input id="i"></body>`;
    frame.contentDocument.documentElement.replaceWith(root);
  },
  "another document": (frame) => (frame.srcdoc = `<p>second in the frame</p><input id="i">`),
};

for (const [how, act] of Object.entries(FRAME)) {
  test(`in a frame, ${how}: what follows is recorded, and once`, async () => {
    const opened = await open(browser, `<p>top</p><iframe id="frame" srcdoc="<p>first in the frame</p>"></iframe>`, [
      withOptions({}),
      script,
    ]);
    await until(() => includes(opened, "first in the frame"), "the frame");
    for (let i = 0; i < 3; i++) await opened.page.evaluate(() => sessionReplayRecorder.takeFullSnapshot());
    await opened.page.evaluate(`(${act})(document.getElementById("frame"))`);
    await until(() => includes(opened, "second in the frame"), "what is in the frame now");
    await opened.page.waitForTimeout(400);
    await opened.page.evaluate(() => document.getElementById("frame").contentDocument.body.append("added in the frame"));
    await opened.page.frames()[1].type("#i", "abc");
    await until(() => opened.events().some(({ data }) => data.source === 5 && data.text === "***"), "what is typed");
    await until(() => includes(opened, "added in the frame"), "a change in the frame");
    const text = await replay(browser, opened.events(), (document) => document.querySelector("iframe").contentDocument.body.innerText);
    assert.ok(text.includes("second in the frame") && text.includes("added in the frame"), text);
    assert.ok(!text.includes("first in the frame"), text);
    const told = opened.events().filter((event) => event.data.isAttachIframe && JSON.stringify(event).includes("second in"));
    assert.ok(told.length <= 2, `the frame was described ${told.length} times`);
    await opened.close();
  });
}

test("a page that comes back from the browser's memory begins with a full snapshot", async () => {
  const opened = await open(browser, `<p>first</p>`, [withOptions({}), script]);
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  await opened.page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await until(() => snapshots(opened) === 2, "a full snapshot");
  await opened.close();
});

test("a page that is prerendered is recorded once it is shown", async () => {
  const prerendering = `Object.defineProperty(Document.prototype, "prerendering", { configurable: true, get: () => !window.isShown });`;
  const opened = await open(browser, `<p>first</p>`, [prerendering, withOptions({}), script]);
  await opened.page.waitForTimeout(300);
  assert.equal(opened.messages.length, 0);
  await opened.page.evaluate(() => {
    window.isShown = true;
    document.dispatchEvent(new Event("prerenderingchange"));
  });
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  await opened.close();
});

test("without a root element there is no snapshot, it is told, and the next root is recorded", async () => {
  const opened = await open(browser, `<!doctype html><p>first</p>`, [withOptions({}), script]);
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  const problems = await opened.page.evaluate(async () => {
    document.documentElement.remove();
    for (let i = 0; i < 5; i++) {
      sessionReplayRecorder.takeFullSnapshot();
      sessionReplayRecorder.pause();
      sessionReplayRecorder.resume();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return sessionReplayRecorder.status().problems;
  });
  assert.match(problems.join("\n"), /no root element/);
  assert.equal(snapshots(opened), 1, "nothing that no player can draw");
  await opened.page.evaluate((second) => {
    const root = document.createElement("html");
    root.innerHTML = second;
    document.append(root);
  }, SECOND);
  await until(() => includes(opened, "second page"), "the second page");
  assert.match(await replay(browser, opened.events(), bodyText), /second page/);
  assert.deepEqual((await opened.page.evaluate(() => sessionReplayRecorder.status())).problems, []);
  await opened.close();
});

test("CDATA of XHTML is recorded as text, masked as text", async () => {
  const html = `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p id="p"><![CDATA[a < b]]></p><p class="amp-mask"><![CDATA[secret]]></p></body></html>`;
  const opened = await open(browser, html, [withOptions({}), script], { contentType: "application/xhtml+xml" });
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  await opened.page.evaluate(() => {
    const again = document.getElementById("p").cloneNode(false);
    again.append(document.createCDATASection("added later"));
    document.body.append(again, document.createCDATASection("and last"));
  });
  await until(() => includes(opened, "and last"), "what was added");
  assert.ok(!includes(opened, "secret"));
  assert.match(await replay(browser, opened.events(), bodyText), /a < b.*\*{6}.*added later.*and last/);
  await opened.close();
});

test("a frame whose document is still empty when rrweb looks at it is shown once it is loaded", async () => {
  // The recorder listens first, so it has taken its snapshot when the page empties the frame.
  const empty = `<iframe id="f"></iframe><script>document.addEventListener("DOMContentLoaded", () => {
    const inner = document.getElementById("f").contentDocument;
    inner.open();
    setTimeout(() => (inner.write("<p>late text</p>"), inner.close()), 200);
  })</script>`;
  const opened = await open(browser, empty, [withOptions({}), script]);
  await until(() => includes(opened, "late text"), "what the frame loads");
  await opened.page.evaluate(() => document.body.setAttribute("data-end", "AFTER"));
  await until(() => includes(opened, "AFTER"), "what came after");
  // A player draws nothing of a document that was empty when it was described first.
  const isEmptyFrame = ({ data }) => data.isAttachIframe && data.adds.some(({ node }) => node.childNodes.length === 0);
  assert.deepEqual(opened.events().filter(isEmptyFrame), []);
  const shown = await replay(browser, opened.events(), (document) => document.querySelector("iframe").contentDocument.body?.innerText.trim());
  assert.equal(shown, "late text");
  await opened.close();
});
