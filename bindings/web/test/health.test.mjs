// The recorder knows when it records nothing of use, and says so: in `status()`, and to the host in an event of its own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";

const TAG = "session-replay-recorder";
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const status = (opened) => opened.page.evaluate(() => sessionReplayRecorder.status());
const problems = async (opened) => (await status(opened)).problems.join("\n");
const told = (opened) => opened.events().filter(({ type, data }) => type === 5 && data.tag === TAG).map(({ data }) => data.payload.problems);
const hasSnapshot = (opened) => opened.events().some(({ type }) => type === 2);

test("nothing is said of a page that is recorded well, however quiet or busy it is", async () => {
  const opened = await open(browser, `<p id="p">text</p><div class="amp-block" id="b"></div>`, [withOptions({}), script]);
  await until(() => hasSnapshot(opened), "a full snapshot");
  await opened.page.evaluate(async () => {
    for (let i = 0; i < 24; i++) {
      // What is left out changes, and what makes no difference.
      const inside = document.createElement("i");
      inside.append(document.createElement("b"));
      document.getElementById("b").append(inside);
      document.head.append(document.createComment("x"), document.createElement("script"));
      document.getElementById("p").setAttribute("class", "same");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });
  assert.equal(await problems(opened), "");
  assert.deepEqual(told(opened), []);
  assert.equal(opened.events().filter(({ type }) => type === 2).length, 1);
  await opened.close();
});

test("no host takes the messages", async () => {
  const opened = await open(browser, `<p>text</p>`, ["window.sessionReplayRecorderOptions = { flushIntervalMs: 10 };", script]);
  await opened.page.waitForFunction(() => sessionReplayRecorder.status().waitingEvents > 0);
  assert.equal(await problems(opened), "");
  await until(async () => (await problems(opened)) !== "", "the problem");
  assert.match(await problems(opened), /no host has taken a message for \d+ s/);
  await opened.page.evaluate(() => (window.webkit = { messageHandlers: { sessionReplay: { postMessage: (text) => window.hostTakes(text) } } }));
  await until(async () => (await problems(opened)) === "", "the host takes them");
  await opened.close();
});

test("no full snapshot because rrweb fails, until it does not", async () => {
  // rrweb reads this of each document.
  const failing = `if (window === top) Object.defineProperty(Document.prototype, "compatMode", { configurable: true, get() {
    if (window.isHostile !== false) throw new Error("not today");
    return "CSS1Compat";
  } });`;
  const opened = await open(browser, `<p>text</p>`, [failing, withOptions({}), script]);
  await until(async () => /no full snapshot for \d+ s/.test(await problems(opened)), "the problem");
  await until(() => told(opened).length > 0, "the host is told");
  assert.match(told(opened)[0].join(), /no full snapshot/);
  assert.ok(!hasSnapshot(opened));
  await opened.page.evaluate(() => (window.isHostile = false));
  await until(() => hasSnapshot(opened), "a full snapshot");
  await until(() => told(opened).at(-1).length === 0, "the host is told that all is well");
  assert.ok(!/no full snapshot/.test(await problems(opened)));
  await opened.page.evaluate(() => document.body.append("told once"));
  await until(() => opened.messages.join().includes("told once"), "a change");
  assert.equal(opened.events().filter((event) => JSON.stringify(event).includes("told once")).length, 1);
  await opened.close();
});

test("a page that is never loaded", async () => {
  const opened = await open(browser, `<p>text</p><script src="https://shop.example/never.js"></script>`, [withOptions({}), script], {
    isEndless: true,
  });
  await until(async () => /no full snapshot for \d+ s: the page is still being loaded/.test(await problems(opened)), "the problem");
  await opened.close();
});

test("the document changes and rrweb is told nothing: found, described anew and said", async () => {
  // A page that has made the observers deaf, in a way that rrweb does not notice.
  const deaf = `MutationObserver.prototype.observe = () => {};`;
  const opened = await open(browser, `<p>text</p>`, [deaf, withOptions({}), script]);
  await until(() => hasSnapshot(opened), "a full snapshot");
  await opened.page.evaluate(() => {
    setInterval(() => document.body.append(document.createElement("hr")), 1_000);
  });
  await until(() => told(opened).length > 0, "the host is told", 30_000);
  assert.match(told(opened)[0].join(), /the document changed and nothing of it was recorded/);
  assert.match(await problems(opened), /the document changed/);
  assert.ok(opened.messages.join().includes('"hr"'), "what was missed is in a full snapshot");
  await opened.close();
});
