// Errors that the page does not handle: the library is told that there was one, whatever is logged, and nothing of its text.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";

/** As the library recognizes it, by its first bytes. */
const LINE = /^\{"type":5,"data":\{"tag":"session-replay-unhandled-error","payload":\{\}\},"timestamp":\d+\}$/;
const SECRET = "hunter22";
let browser;

before(async () => (browser = await launch()));
after(() => browser?.close());

/** Opens a page with our recorder, which logs nothing unless `options` say so. */
async function record(t, html, options = {}, more = []) {
  const opened = await open(browser, html, [withOptions(options), ...more, script], { permitErrors: true });
  t.after(opened.close);
  const lines = () => opened.messages.flatMap((message) => message.split("\n"));
  const told = () => lines().filter((line) => line.includes("session-replay-unhandled-error"));
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  // What is told later than this is not told at all: it goes the same way.
  const settled = async () => {
    const mark = `mark-${Math.random()}`;
    await opened.page.evaluate((mark) => document.body.append(mark), mark);
    await until(() => lines().some((line) => line.includes(mark)), "what was told until now");
    return told();
  };
  return { ...opened, lines, told, settled };
}

const throwLater = (page, text) =>
  page.evaluate((text) => new Promise((done) => (setTimeout(done, 20), setTimeout(() => { throw new Error(text); }))), text);
const rejectLater = (page, text) =>
  page.evaluate((text) => new Promise((done) => (setTimeout(done, 20), void Promise.reject(new Error(text)))), text);

for (const [what, fail] of Object.entries({ "an uncaught error": throwLater, "an unhandled rejection": rejectLater })) {
  test(`${what} is told at once, without its text, and without a loggingConfig`, async (t) => {
    const { page, told, lines, errors } = await record(t, "<p>Shop</p>");
    await fail(page, SECRET);
    await until(() => told().length > 0, "the library is told");
    assert.match(told()[0], LINE);
    assert.ok(errors.some((error) => error.includes(SECRET)), "the page's error is the page's as ever");
    assert.ok(!lines().join().includes(SECRET));
  });
}

test("many errors are told as one", async (t) => {
  const { page, settled } = await record(t, "<p>Shop</p>");
  await page.evaluate((secret) => {
    for (let i = 0; i < 20; i++) setTimeout(() => { throw new Error(secret); });
  }, SECRET);
  assert.equal((await settled()).length, 1);
});

test("what is logged beside it changes nothing", async (t) => {
  const { page, lines, settled } = await record(t, "<p>Shop</p>", { loggingConfig: { errors: { enabled: true } } });
  await throwLater(page, "broken");
  assert.equal((await settled()).length, 1);
  assert.ok(lines().some((line) => line.includes("Uncaught Error: broken")));
});

test("an error that the page handles, one that it writes, and an image that is missing are none", async (t) => {
  const { page, settled } = await record(t, "<p>Shop</p>", { loggingConfig: { console: { enabled: true } } });
  await page.evaluate(async () => {
    console.error("Uncaught Error: only written");
    await Promise.reject(new Error("handled")).catch(() => {});
    const image = new Image();
    const failed = new Promise((resolve) => (image.onerror = resolve));
    image.src = "https://elsewhere.example/missing.png";
    document.body.append(image);
    await failed;
  });
  assert.deepEqual(await settled(), []);
});

test("an error before the first full snapshot is told, and one while recording is paused is not", async (t) => {
  const { told } = await record(t, `<p>Shop</p><script>throw new Error("${SECRET}")</script>`);
  await until(() => told().length > 0, "the library is told");
  const paused = await record(t, "<p>Shop</p>");
  await paused.page.evaluate(() => sessionReplayRecorder.pause());
  await throwLater(paused.page, SECRET);
  await paused.page.evaluate(() => sessionReplayRecorder.resume());
  assert.deepEqual(await paused.settled(), []);
});

test("a filter of the host's does not see it, and can't take it away", async (t) => {
  const filter = `window.seen = []; window.sessionReplayRecorderOptions.beforeRecord = (event) => (seen.push(event.data?.tag), event.type === 5 ? null : event);`;
  const { page, settled } = await record(t, "<p>Shop</p>", {}, [filter]);
  await throwLater(page, SECRET);
  assert.equal((await settled()).length, 1);
  assert.ok(!(await page.evaluate(() => seen)).includes("session-replay-unhandled-error"));
});
