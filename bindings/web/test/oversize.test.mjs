// What alone makes an event too large for any server is cut and named; the rest is recorded.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";
import { replay } from "./support/replay.mjs";

const MAX = 60_000;
const HUGE = 100_000;
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** Runs in the page: puts something huge into the element with this id. */
const MAKE = {
  "src": (element, huge) => (element.src = `data:image/png;base64,${huge}`),
  "srcset": (element, huge) => (element.srcset = `data:image/png;base64,${huge} 2x`),
  "href": (element, huge) => element.setAttribute("href", `data:text/plain,${huge}`),
  "style": (element, huge) => (element.style.cssText = `color: red; background: url("data:image/png;base64,${huge}"); width: 7px`),
  "an attribute of the page's own": (element, huge) => element.setAttribute("data-model", huge),
  "an attribute with the name of a member that every object has": (element, huge) => element.setAttribute("constructor", huge),
  "a text": (element, huge) => (element.textContent = huge),
  "a text of other letters": (element, huge) => (element.textContent = "追".repeat(huge.length / 3)),
  "a style sheet": (element, huge) => {
    const style = document.createElement("style");
    style.textContent = `p { color: rgb(1, 2, 3) } .x { background: url("data:image/png;base64,${huge}") }`;
    element.before(style);
  },
  "a style sheet of many rules": (element, huge) => {
    const style = document.createElement("style");
    style.textContent = "p { color: rgb(1, 2, 3) }" + ".class-of-some-length { color: red }".repeat(huge.length / 20);
    element.before(style);
  },
  "an inline SVG image": (element, huge) => {
    element.innerHTML = `<svg><image href="data:image/png;base64,${huge}"></image></svg>`;
  },
};
const text = (document) => document.body.innerText.replace(/\s+/g, " ").slice(0, 2_000);

for (const [what, make] of Object.entries(MAKE)) {
  for (const when of ["in a full snapshot", "in a change"]) {
    test(`${what}, ${when}`, async () => {
      const tag = what === "src" || what === "srcset" ? "img" : what === "href" ? "a" : "div";
      const html = `<p>hello</p><${tag} id="i"></${tag}>`;
      const act = `(${make})(document.getElementById("i"), "A".repeat(${HUGE}))`;
      const isFirst = when === "in a full snapshot";
      const opened = await open(browser, isFirst ? `${html}<script>${act}</script>` : html, [withOptions({ maxEventLength: MAX }), script]);
      await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
      if (!isFirst) await opened.page.evaluate(act);
      await opened.page.evaluate(() => document.body.append("added later"));
      await until(() => opened.messages.join().includes("added later"), "what came after");
      const events = opened.events();
      assert.equal(events.filter(({ type }) => type === 2).length, 1, "it did not have to begin anew");
      for (const event of events) assert.ok(Buffer.byteLength(JSON.stringify(event)) <= MAX);
      assert.match(await replay(browser, events, text), /hello.*added later/);
      const status = await opened.page.evaluate(() => sessionReplayRecorder.status());
      assert.equal(status.problems.length, 1, status.problems.join("\n"));
      assert.match(status.problems[0], /cut: .*\(\d+ characters\)/);
      assert.doesNotMatch(status.problems[0], /native code/);
      assert.equal(status.droppedEvents, 0);
      if (what.startsWith("a style sheet")) {
        const color = await replay(browser, events, (document) => document.defaultView.getComputedStyle(document.querySelector("p")).color);
        assert.equal(color, "rgb(1, 2, 3)", "what is before the huge part is kept");
      }
      await opened.close();
    });
  }
}

test("many large ones that are too much together: the largest go, one after the other", async () => {
  const images = Array.from({ length: 12 }, (_, i) => `<img id="i${i}" src="data:image/png;base64,${"A".repeat(4_000 + i * 1_000)}">`);
  const opened = await open(browser, `<p>hello</p>${images.join("")}`, [withOptions({ maxEventLength: MAX }), script]);
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  const kept = await replay(browser, opened.events(), (document) => [...document.images].filter((image) => image.getAttribute("src")).map(({ id }) => id));
  assert.ok(kept.includes("i0") && !kept.includes("i11") && kept.length >= 6, kept.join());
  await opened.close();
});

test("a document that is too large whatever is cut: said so, and tried again less and less often", async () => {
  const opened = await open(browser, `<p>hello</p>${"<i></i>".repeat(3_000)}`, [withOptions({ maxEventLength: 30_000 }), script]);
  const status = () => opened.page.evaluate(() => sessionReplayRecorder.status());
  await until(async () => (await status()).problems.length > 0, "the problem");
  assert.match((await status()).problems.join(), /more than 30000 bytes/);
  assert.ok(!opened.events().some(({ type }) => type === 2 || type === 3));
  await opened.page.evaluate(() => document.querySelectorAll("i").forEach((element) => element.remove()));
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  assert.deepEqual((await status()).problems, []);
  await opened.close();
});

test("pictures of many megabytes in styles are cut, and all around them is recorded", async () => {
  const opened = await open(browser, `<p>hello</p><div id="a"></div><div id="b"></div><div id="c"></div>`, [withOptions({ maxEventLength: MAX }), script]);
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  await opened.page.evaluate(() => {
    const style = (id, url) => document.getElementById(id).setAttribute("style", `color: rgb(1, 2, 3); background: url(${url}); width: 7px`);
    style("a", `data:image/png;base64,${"A".repeat(9_500_000)}`);
    style("b", `"data:image/svg+xml,<g transform='scale(2)'>${"\\" + '"'}${"B".repeat(6_000_000)}"`);
    style("c", `"data:image/svg+xml,${"url(data:".repeat(100_000)}`);
    document.body.append("added with it");
  });
  await until(() => opened.messages.join().includes("added with it"), "what came with it");
  await opened.page.evaluate(() => sessionReplayRecorder.takeFullSnapshot());
  await until(() => opened.events().filter(({ type }) => type === 2).length === 2, "another full snapshot");
  const events = opened.events();
  for (const event of events) assert.ok(Buffer.byteLength(JSON.stringify(event)) <= MAX);
  const styles = await replay(browser, events, (document) => ["a", "b"].map((id) => document.getElementById(id).getAttribute("style")));
  for (const style of styles) assert.equal(style, 'color: rgb(1, 2, 3); background: url("data:,"); width: 7px');
  const { problems, droppedEvents } = await opened.page.evaluate(() => sessionReplayRecorder.status());
  assert.ok(problems.every((problem) => /cut: style/.test(problem)), problems.join("\n"));
  assert.equal(droppedEvents, 0);
  await opened.close();
});
