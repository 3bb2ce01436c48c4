// What a page pays for being recorded: when events are written, whether changes are joined, full snapshots, and a page that nobody uses.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bundle, launch, open, script, until, withOptions } from "./support/page.mjs";
import { recordWithBrowserSdk } from "./support/browser-sdk.mjs";
import { replay } from "./support/replay.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const isSnapshot = ({ type }) => type === 2;
const isMutation = ({ type, data }) => type === 3 && data.source === 0;
const snapshots = (opened) => opened.events().filter(isSnapshot).length;

async function record(html, pageOptions, options = {}) {
  const opened = await open(browser, html, [withOptions({ pageOptions, ...options }), script]);
  await until(() => snapshots(opened) >= 1, "a full snapshot");
  return opened;
}

/** Runs in the page: keeps it busy without a pause for so long, a change with each turn. */
const keepBusy = (ms) =>
  new Promise((done) => {
    const end = performance.now() + ms;
    const { port1, port2 } = new MessageChannel();
    let turns = 0;
    port1.onmessage = () => {
      document.getElementById("a").textContent = `turn ${++turns}`;
      for (const until = performance.now() + 20; performance.now() < until; );
      if (performance.now() < end) port2.postMessage(null);
      else done(turns);
    };
    port2.postMessage(null);
  });

test("events are written while the page is idle, and not much later where it never is", async () => {
  const opened = await record(`<p id="a"></p>`, { performanceConfig: { enabled: true, timeout: 400 } });
  const during = opened.page.evaluate(keepBusy, 2_000);
  await until(() => opened.events().some(isMutation), "what a busy page changes");
  await during;
  await until(() => opened.messages.join().includes("turn"), "the rest");
  await opened.close();
});

test("a burst of changes is one event, and what it ends with is recorded", async () => {
  const burst = async (performanceConfig) => {
    const opened = await record(`<p id="a"></p>`, { performanceConfig });
    await opened.page.evaluate(async () => {
      for (let i = 0; i <= 40; i++) {
        document.getElementById("a").textContent = `step ${i}`;
        document.getElementById("a").style.opacity = String(i / 40);
        await new Promise((done) => setTimeout(done));
      }
    });
    await until(() => opened.messages.join().includes("step 40"), "the last step");
    const events = opened.events();
    await opened.close();
    const shown = await replay(browser, events, (document) => document.getElementById("a").textContent);
    assert.equal(shown, "step 40");
    return events.filter(isMutation).length;
  };
  const apart = await burst({ mergeMutations: false });
  assert.ok(apart > 30, `${apart} events`);
  const joined = await burst(undefined);
  assert.ok(joined < apart / 2, `${joined} events, and ${apart} without joining`);
  assert.ok((await burst({ enabled: false })) > 30);
});

test("what waits to be written is sent before the page goes, with what came before and after it in order", async () => {
  const pageOptions = { performanceConfig: { enabled: true, timeout: 10_000 } };
  const opened = await open(browser, `<p id="a"></p>`, [withOptions({ pageOptions, flushIntervalMs: 60_000 }), script]);
  await opened.page.evaluate(() => sessionReplayRecorder.flush());
  assert.equal(snapshots(opened), 1, "a host that asks gets what waits");
  const before = opened.messages.length;
  await opened.page.evaluate(() => {
    document.getElementById("a").textContent = "last words";
    return Promise.resolve().then(() => dispatchEvent(new PageTransitionEvent("pagehide")));
  });
  await until(() => opened.messages.slice(before).join().includes("last words"), "the last words");
  await opened.close();
});

test("a full snapshot at intervals is taken of a page in which something happens, and of no other", async () => {
  const opened = await record(`<p id="a"></p>`, { fullSnapshotIntervalMs: 1_000 });
  await opened.page.waitForTimeout(2_500);
  assert.equal(snapshots(opened), 1, "a page in which nothing happens");
  for (const text of ["one", "two"]) {
    await opened.page.evaluate(async (text) => {
      const element = document.getElementById("a");
      element.textContent = text;
      // A change of its own, and no later than the full snapshot may be that the first one brings.
      await new Promise(requestAnimationFrame);
      element.textContent += ".";
    }, text);
    await until(() => snapshots(opened) === { one: 2, two: 3 }[text], `a full snapshot with ${text}`);
    await opened.page.waitForTimeout(1_200);
  }
  assert.equal(snapshots(opened), 3);
  await opened.close();
});

const ANIMATED = `<style>html { height: 100% }</style><p id="a"></p><input id="i"><button id="b">b</button><script>
  setInterval(() => (document.getElementById("a").textContent = String(performance.now())), 20);
</script>`;

/** Once nothing is sent any more: a second without use is over by the page's own timers, and all of it is sent. */
async function idle(opened) {
  await opened.page.evaluate(() => new Promise((done) => setTimeout(done, 1_500)));
  let count = -1;
  await until(async () => {
    const before = count;
    await opened.page.evaluate(() => (window.recorder ?? sessionReplayRecorder).flush());
    count = opened.messages.length;
    await opened.page.waitForTimeout(400);
    return before === opened.messages.length;
  }, "nothing is recorded");
  return count;
}

test("a page that nobody uses is not recorded, however it moves, until somebody does: nothing of that is lost", async () => {
  const acts = {
    click: [(page) => page.click("#i"), ({ data }) => data.source === 2 && data.type === 1],
    key: [(page) => page.keyboard.type("x"), ({ data }) => data.source === 5],
    wheel: [(page) => page.mouse.wheel(0, 50), () => true],
  };
  const opened = await record(ANIMATED, { idleTimeoutMs: 1_000 }, { privacyConfig: { defaultMaskLevel: "light" } });
  await opened.page.focus("#i");
  for (const [name, [act, isIt]] of Object.entries(acts)) {
    const before = await idle(opened);
    assert.ok(await opened.page.evaluate(() => sessionReplayRecorder.status().recording), "it counts as recorded");
    await act(opened.page);
    const since = () => opened.messages.slice(before).flatMap((message) => message.split("\n")).map((line) => JSON.parse(line));
    await until(() => since().some(isSnapshot) && since().some((event) => event.type === 3 && isIt(event)), name);
    assert.deepEqual(since().slice(0, 2).map(({ type }) => type), [4, 2], `${name}: a full snapshot comes first`);
  }
  // What a script does as if it were a user is no use.
  const before = await idle(opened);
  await opened.page.evaluate(() => document.getElementById("b").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true })));
  await opened.page.waitForTimeout(500);
  assert.equal(opened.messages.length, before);
  // The host can begin it, too.
  for (const command of ["takeFullSnapshot", "resume"]) {
    const count = await idle(opened);
    await opened.page.evaluate((command) => sessionReplayRecorder[command](), command);
    await until(() => opened.messages.slice(count).join().includes('"type":2,'), command);
  }
  await opened.close();
});

/** A recorder whose options the host changes while it records, as Electron's does: in the page as `recorder`. */
const changeable = await bundle(`import { Recorder } from "../src/index";
  const options = {
    send: (lines) => (hostTakes(lines), "taken"),
    schedule: (flush) => setTimeout(flush, 10),
    privacyConfig: { defaultMaskLevel: "light" },
  };
  if (window === top) (window.recorder = new Recorder(options)).start();`);

const change = (opened, options) => opened.page.evaluate((options) => recorder.setPageOptions(options), options);

test("a page that may be idle no more is recorded without end", async () => {
  const opened = await open(browser, ANIMATED, [changeable]);
  for (const idleTimeoutMs of [1_000, 2_000, 0]) await change(opened, { idleTimeoutMs });
  await opened.page.waitForTimeout(2_500);
  const before = opened.messages.length;
  await until(() => opened.messages.length > before, "it goes on");
  await change(opened, { idleTimeoutMs: 1_000 });
  const count = await idle(opened);
  await change(opened, {});
  await until(() => opened.messages.slice(count).join().includes('"type":2,'), "it begins again at once");
  await opened.close();
});

test("a page that may be idle from now on becomes so, and whoever uses a frame of it uses it, whatever is in the frame by then", async () => {
  const opened = await open(browser, `${ANIMATED}<iframe id="near" srcdoc="<input id=n>"></iframe>`, [changeable]);
  await until(() => opened.messages.join().includes("isAttachIframe"), "the frame");
  await change(opened, { idleTimeoutMs: 1_000 });
  const use = async (text) => {
    const before = await idle(opened);
    await opened.page.frames()[1].locator("input").pressSequentially(text, { delay: 100 });
    const since = () => opened.messages.slice(before).join("\n");
    await until(() => since().includes('"type":2,') && since().includes(`"text":"${text}"`), `what is typed: ${text}`);
  };
  await use("one");
  await opened.page.evaluate(() => (document.getElementById("near").srcdoc = "<input id=other>"));
  await until(() => opened.messages.join().includes('"id":"other"'), "what the frame shows now");
  await use("two");
  await opened.close();
});

test("who uses a frame of the page uses the page, whatever its origin", async () => {
  const child = `<!doctype html><script src="/recorder.js"></script><body style="margin: 0"><input id="i" style="width: 200px; height: 100px"></body>`;
  const html = `<!doctype html><script>${script.replaceAll("</script", "<\\/script")}</script>${ANIMATED}<br><iframe id="near"></iframe><iframe src="https://child.example/"></iframe><script>
    document.getElementById("near").contentDocument.body.innerHTML = "<input id=n>";
  </script>`;
  const answer = (route) =>
    route.fulfill(
      route.request().url().endsWith("/recorder.js") ? { contentType: "text/javascript", body: script } : { contentType: "text/html", body: child },
    );
  const pageOptions = { idleTimeoutMs: 1_000, crossOriginIframes: { enabled: true } };
  const opened = await open(browser, html, [withOptions({ pageOptions, privacyConfig: { defaultMaskLevel: "light" } })], { answer });
  await until(() => opened.messages.join().includes("isAttachIframe"), "the frames");
  for (const [name, at] of [["near", 0], ["far", 1]]) {
    const before = await idle(opened);
    const frame = opened.page.frames()[at + 1];
    await frame.locator("input").pressSequentially(name, { delay: 100 });
    const since = () => opened.messages.slice(before).join("\n");
    await until(() => since().includes('"type":2,') && since().includes(`"text":"${name}"`), `what is typed in the frame that is ${name}`);
  }
  await opened.close();
});

test("the box of a blocked element has the browser SDK's colour, and players show it", async () => {
  const html = `<div class="amp-block" id="box" style="height: 40px">secret</div><p id="a"></p>`;
  const opened = await record(html, { applyBackgroundColorToBlockedElements: true });
  await opened.page.evaluate(() => document.body.insertAdjacentHTML("beforeend", `<p class="amp-block" id="later">secret</p>`));
  await until(() => opened.events().some(isMutation), "the other element");
  const events = opened.events();
  assert.equal(JSON.stringify(events).split('"rr_background_color":"lightgrey"').length, 3);
  assert.ok(!JSON.stringify(events).includes("secret"));
  const colors = await replay(browser, events, (document) => [...document.querySelectorAll(".amp-block")].map((box) => [box.style.backgroundColor, box.style.width !== ""]));
  assert.deepEqual(colors, [["lightgrey", true], ["lightgrey", true]]);
  await opened.close();
  const theirs = await recordWithBrowserSdk(browser, html, {}, undefined, undefined, { applyBackgroundColorToBlockedElements: true });
  const boxOf = (events) => {
    const { style: _, ...attributes } = JSON.parse(/"attributes":({[^}]*amp-block[^}]*})/.exec(JSON.stringify(events.find(isSnapshot)))[1]);
    return attributes;
  };
  assert.deepEqual(boxOf(events), boxOf(theirs), "but for the style, which other players need");
  const plain = await record(html, {});
  assert.ok(!plain.messages.join().includes("lightgrey"));
  await plain.close();
});

const CANVASES = `<canvas id="c" width="60" height="40"></canvas><canvas id="masked" class="amp-mask" width="60" height="40"></canvas>
  <canvas id="gl" width="60" height="40"></canvas><script>
  const draw = (color) => {
    for (const id of ["c", "masked"]) {
      const context = document.getElementById(id).getContext("2d");
      context.fillStyle = color;
      context.fillRect(0, 0, 60, 40);
    }
  };
  draw("rgb(255, 0, 0)");
</script>`;

test("canvases are recorded at a rate where that is asked for, as pictures that players draw, and no other", async () => {
  const isDrawn = ({ type, data }) => type === 3 && data.source === 9;
  const opened = await record(CANVASES, { recordCanvas: true, sampling: { canvas: 10 } });
  const drawn = () => opened.events().filter(isDrawn);
  await until(() => drawn().length >= 1, "what is on the canvas");
  await opened.page.waitForTimeout(1_000);
  const idle = drawn().length;
  assert.ok(idle <= 2, `${idle} pictures of canvases that don't change`);
  await opened.page.evaluate(() => draw("rgb(0, 0, 255)"));
  const colour = (document) => [...document.getElementById("c").getContext("2d").getImageData(30, 20, 1, 1).data];
  const isBlue = ([red, , blue]) => blue > 200 && red < 50;
  // A picture is made, and drawn, when the browser comes to it.
  await until(async () => drawn().length > idle && isBlue(await replay(browser, opened.events(), colour, { UNSAFE_replayCanvas: true })), "a player draws what is on it now");
  const nodes = JSON.stringify(opened.events().find(isSnapshot));
  const idOf = (name) => Number(new RegExp(`"id":"${name}"[^}]*},"childNodes":\\[\\],"id":(\\d+)`).exec(nodes)[1]);
  assert.ok(drawn().every(({ data }) => data.id !== idOf("masked")), "what is masked");
  // While nothing is recorded no canvas is read.
  await opened.page.evaluate(() => {
    sessionReplayRecorder.pause();
    window.read = 0;
    const { createImageBitmap } = window;
    window.createImageBitmap = (...given) => (window.read++, createImageBitmap(...given));
  });
  await opened.page.evaluate(() => draw("rgb(0, 255, 0)"));
  await opened.page.waitForTimeout(500);
  assert.equal(await opened.page.evaluate(() => window.read), 0);
  await opened.page.evaluate(() => sessionReplayRecorder.resume());
  await until(() => opened.page.evaluate(() => window.read > 0), "it goes on");
  await opened.close();
  const off = await record(CANVASES, {});
  await off.page.evaluate(() => draw("rgb(0, 0, 255)"));
  await off.page.waitForTimeout(500);
  assert.deepEqual(off.events().filter(isDrawn), []);
  await off.close();
});

/** Runs in the page: everything fails once, and says so on the console. */
const failOnce = `window.reads = {};
  let isFirst = true;
  const { createImageBitmap } = window;
  window.createImageBitmap = (canvas, options) => {
    console.log("read");
    reads[canvas.id] = (reads[canvas.id] ?? 0) + 1;
    return reads[canvas.id] === 1 && canvas.id === "c" ? Promise.reject(new DOMException("not now", "InvalidStateError")) : createImageBitmap(canvas, options);
  };
  const { getElementsByTagName } = Document.prototype;
  Document.prototype.getElementsByTagName = function (tag) {
    if (tag === "canvas" && isFirst) {
      isFirst = false;
      throw new Error("not today");
    }
    return getElementsByTagName.call(this, tag);
  };`;
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=", "base64");

test("a canvas that can't be read now is read later, one of another origin never, and the page notices nothing of it", async () => {
  const html = `<canvas id="c" width="60" height="40"></canvas><canvas id="foreign" width="60" height="40"></canvas>
    <img id="img" src="https://other.example/a.png"><script>
    document.getElementById("img").onload = ({ target }) => document.getElementById("foreign").getContext("2d").drawImage(target, 0, 0);
    document.getElementById("c").getContext("2d").fillRect(0, 0, 60, 40);
  </script>`;
  const pageOptions = { recordCanvas: true, sampling: { canvas: 10 } };
  const loggingConfig = { console: { enabled: true } };
  const answer = (route) => route.fulfill({ contentType: "image/png", body: PIXEL });
  const opened = await open(browser, html, [failOnce, withOptions({ pageOptions, loggingConfig }), script], { answer });
  await until(() => opened.events().some(({ type, data }) => type === 3 && data.source === 9), "what is on the canvas");
  const reads = () => opened.page.evaluate(() => ({ ...reads }));
  const { c, foreign } = await reads();
  await until(async () => (await reads()).c > c + 3, "it is read again and again");
  assert.ok(foreign >= 1);
  assert.equal((await reads()).foreign, foreign, "what can't be read is left alone");
  assert.deepEqual(opened.events().filter(({ data }) => data?.plugin === "rrweb/console@1"), [], "what the page logs as it is read");
  const { problems } = await opened.page.evaluate(() => sessionReplayRecorder.status());
  for (const said of ["not today", "tried again", "is not recorded: SecurityError"]) assert.ok(problems.some((problem) => problem.includes(said)), problems.join("\n"));
  await opened.close();
});
