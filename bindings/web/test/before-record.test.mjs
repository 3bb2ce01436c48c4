// `beforeRecord` in a page: what it sees, what leaves the page of it, and a page that never notices what it throws.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until } from "./support/page.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const html = `<!doctype html><p id="text">begin</p><input type="password" value="hunter2">`;

/** Sets the recorder's options with a filter, whose text this is. */
const withFilter = (filter, more = "") =>
  `window.sessionReplayRecorderOptions = { postMessage: (lines) => hostTakes(lines), flushIntervalMs: 10, ${more} beforeRecord: ${filter} };`;

const write = (opened, text) => opened.page.evaluate((text) => void (document.querySelector("#text").textContent = text), text);
const problems = async (opened) => (await opened.page.evaluate(() => sessionReplayRecorder.status())).problems.join("\n");

test("each event is kept, dropped or replaced, masked by then, and what it throws the page never sees", async () => {
  const filter = `(event) => {
    const json = JSON.stringify(event);
    if (json.includes("hunter2")) document.title = "unmasked";
    if (json.includes("drop")) return null;
    if (json.includes("throw")) throw new Error("of the filter");
    if (json.includes("later")) return Promise.resolve(event);
    if (json.includes("other")) return { ...event, type: 2 };
    if (json.includes("nothing")) return;
    console.log("what the filter logs");
    return json.includes("replace") ? JSON.parse(json.replaceAll("replace", "changed")) : event;
  }`;
  const opened = await open(browser, html, [withFilter(filter, "loggingConfig: { console: { enabled: true } },"), script]);
  const text = () => JSON.stringify(opened.events());
  await until(() => text().includes("begin"), "a full snapshot");
  for (const word of ["drop", "throw", "later", "other", "nothing", "replace me", "the end"]) {
    await write(opened, word);
    await opened.page.evaluate((word) => console.warn(`line ${word}`), word);
  }
  await until(() => text().includes("the end") && text().includes("line the end"), "the last change");
  for (const word of ["drop", "throw", "later", "other", "nothing", "replace", "what the filter logs"]) {
    assert.ok(!text().includes(word), word);
  }
  assert.ok(text().includes("changed me") && text().includes("line changed me"));
  assert.equal(await opened.page.title(), "");
  const said = await problems(opened);
  assert.match(said, /beforeRecord failed, and the event was dropped: Error: of the filter/);
  assert.match(said, /beforeRecord has to return null, or an event of the same type/);
  await opened.close();
});

test("without its full snapshot nothing of a page leaves it, until one is kept", async () => {
  const filter = `(event) => (event.type === 2 && !window.isAllowed ? null : event)`;
  const opened = await open(browser, html, [withFilter(filter), script]);
  await until(() => opened.events().some(({ type }) => type === 4), "the meta event");
  await write(opened, "secret");
  await opened.page.evaluate(() => sessionReplayRecorder.flush());
  await opened.page.evaluate(() => (window.isAllowed = true));
  await write(opened, "public");
  // The recorder takes another by itself.
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  const types = opened.events().filter(({ type, data }) => type !== 5 || data.tag !== "session-replay-recorder").map(({ type }) => type);
  assert.ok(types.slice(0, types.indexOf(2)).every((type) => type === 4), JSON.stringify(types));
  assert.ok(!JSON.stringify(opened.events()).includes("secret"));
  await write(opened, "after");
  await until(() => JSON.stringify(opened.events()).includes("after"), "a change");
  await opened.close();
});

test("a filter that is async and fails is no error of the page, and is not called without end", async () => {
  const filter = `async (event) => { window.calls = (window.calls ?? 0) + 1; if (window.calls < 200) throw new Error("of the filter"); }`;
  const opened = await open(browser, html, [
    `window.rejected = 0; addEventListener("unhandledrejection", () => window.rejected++);`,
    withFilter(filter, "loggingConfig: { errors: { enabled: true }, console: { enabled: true } },"),
    script,
  ]);
  await until(() => opened.page.evaluate(() => window.calls > 0), "the filter to be called");
  await write(opened, "changed");
  await until(async () => (await problems(opened)).includes("and at once"), "the problem");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await opened.page.evaluate(() => window.rejected), 0);
  await opened.close();
});

test("a filter that is no function drops all, and says so", async () => {
  for (const [given, isRecorded] of [["'mask'", false], ["{}", false], ["null", true], ["undefined", true]]) {
    const opened = await open(browser, html, [withFilter(given), script]);
    await until(async () => (isRecorded ? JSON.stringify(opened.events()).includes("begin") : (await problems(opened)).length > 0), given);
    const said = await problems(opened);
    if (isRecorded) assert.equal(said, "");
    else assert.match(said, /beforeRecord must be a function, but is (string|object): nothing is recorded/);
    const isHealth = ({ type, data }) => type === 5 && data.tag === "session-replay-recorder";
    assert.equal(opened.events().every(isHealth), !isRecorded);
    await opened.close();
  }
});
