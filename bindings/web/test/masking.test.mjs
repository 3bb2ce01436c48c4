// What is masked: the rules of the browser SDK, shown on the real one, and where ours are stricter.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { recordWithBrowserSdk } from "./support/browser-sdk.mjs";
import { launch, open, pageNamed, script, until, withOptions } from "./support/page.mjs";
import { seen } from "./support/seen.mjs";

const SELECTORS = { blockSelector: ".secret-box", maskSelector: [".private"], unmaskSelector: [".public"] };
const LEVELS = ["light", "medium", "conservative"];
/** What is typed begins so. */
const TYPED = "typed:";
let browser;

before(async () => (browser = await launch()));
after(() => browser?.close());

async function record(html, privacyConfig, act = async () => {}, path) {
  const opened = await open(browser, html, [withOptions({ privacyConfig }), script], { path });
  await until(() => hasFrame(opened.events()), "a full snapshot, and the frame's");
  await act(opened.page);
  await opened.page.evaluate(() => sessionReplayRecorder.flush());
  await until(() => opened.page.evaluate(() => sessionReplayRecorder.status().waitingEvents === 0), "all is sent");
  assert.deepEqual(await opened.page.evaluate(() => sessionReplayRecorder.status().problems), []);
  await opened.close();
  return opened.messages.join("\n");
}

/** The frame's document is described after the page's. */
const hasFrame = (events) => "frame-text" in seen(events);

const eventsOf = (lines) => lines.split("\n").map((line) => JSON.parse(line));

/** A user who types into every field, shows a password, and a page that changes. */
async function act(page) {
  const keys = [
    "text-input",
    "no-type",
    "password",
    "password-unmask",
    "password-shown",
    "password-emptied",
    "email",
    "tel",
    "cc",
    "input-unmask",
    "input-mask",
    "textarea",
  ];
  for (const key of keys) await page.fill(`[data-k=${key}]`, `${TYPED}${key}`);
  await page.fill("[data-k=number]", "77");
  await page.selectOption("[data-k=select]", "first-choice");
  await page.uncheck("[data-k=checkbox]");
  await page.evaluate(() => {
    const at = (key) => document.querySelector(`[data-k=${key}]`);
    for (const key of ["password", "password-unmask"]) at(key).type = "text";
    at("text").firstChild.data = "Text that changed";
    at("mask-class-child").firstChild.data = "inside, changed";
    at("block-class").firstChild.data = "blocked, changed";
    at("masked-host").shadowRoot.firstChild.data = "shadow text, changed";
    at("frame").srcdoc = "<p>text in a frame, changed</p>";
    at("heading").insertAdjacentHTML(
      "afterend",
      '<p data-k="added" class="amp-mask">added <i>text</i></p><input data-k="added-input" value="added value">',
    );
  });
  // A password that is shown is still one.
  await page.locator("[data-k=password-unmask]").press("End");
  await page.locator("[data-k=password-unmask]").pressSequentially("9");
  await page.waitForTimeout(300);
}

// Where we mask and the browser SDK does not; each is a leak of what it was asked to keep.
const STRICTER = {
  // rrweb asks about no input of these types.
  hidden: "always",
  // A password is never shown, and its spaces are not either.
  password: "always",
  "password-unmask": "always",
  "password-unmask-selector": "always",
  "password-shown": "always",
  "password-dots": "always",
  "password-name": "always",
  // rrweb copies the attribute of a field whose value is empty.
  "password-emptied": "always",
  "textarea-emptied": "medium",
  // `autocomplete` may have several words.
  "cc-tokens": "light",
  // What is masked outside a shadow tree or a frame is masked inside it.
  "masked-host": "not conservative",
  "in-masked-host": "not conservative",
  "frame-text": "not conservative",
  // Values of boxes are values of inputs; labels of buttons are texts.
  checkbox: "not light",
  radio: "not light",
  submit: "conservative",
  "button-input": "conservative",
  reset: "conservative",
  // What was chosen is told by its length.
  select: "not light",
  // Attributes that repeat masked text, or are text.
  "option-a": "conservative",
  "option-b": "conservative",
  "text-input": "conservative",
};
const isStricter = (key, level) => {
  const when = STRICTER[key];
  return when === "always" || when === level || (when?.startsWith("not ") && when !== `not ${level}`);
};

for (const level of LEVELS) {
  test(`${level} masks what the browser SDK masks, and more where that one leaks`, async () => {
    const privacyConfig = { ...SELECTORS, defaultMaskLevel: level, maskAttributes: ["title", "alt", "style"] };
    // The browser SDK records nothing of a page whose form has a field named "closest".
    const html = pageNamed("form").replace('name="closest"', 'name="csrf"').replace('name="getRootNode"', "");
    const ours = seen(eventsOf(await record(html, privacyConfig)));
    const theirs = seen(await recordWithBrowserSdk(browser, html, privacyConfig, undefined, hasFrame));
    assert.ok(Object.keys(theirs).length > 40, "the browser SDK recorded the page");
    assert.deepEqual(Object.keys(ours).sort(), Object.keys(theirs).sort(), "the same elements are left out");
    for (const key of Object.keys(ours)) {
      if (!isStricter(key, level)) assert.deepEqual(ours[key], theirs[key], key);
      else {
        assert.notDeepEqual(ours[key], theirs[key], `${key} is the same, and needs no exception`);
        const shown = ours[key]
          .filter((what) => !theirs[key].includes(what))
          .map((what) => what.replace(/^(value|typed|placeholder)=/, ""));
        assert.match(shown.join(""), /^[*\s]*$/, `${key}: what differs is masked`);
      }
    }
  });

  test(`${level}: no message holds a password, whatever is typed and whatever the page does`, async () => {
    const lines = await record(
      pageNamed("form"),
      { ...SELECTORS, defaultMaskLevel: level, unmaskSelector: ["input", "body"] },
      act,
    );
    assert.ok(lines.includes("Text that changed"), "the recording goes on");
    for (const secret of [
      "hunter",
      `${TYPED}password`,
      "blocked by",
      "blocked,",
      "blocked input",
      "text in a frame",
      "frame, changed",
      "inside, changed",
      "shadow text, changed",
    ]) {
      const at = lines.indexOf(secret);
      assert.ok(at < 0, `"${secret}" left the page: ${lines.slice(Math.max(0, at - 80), at + 40)}`);
    }
  });

  test(`${level}: what is typed`, async () => {
    const ours = seen(eventsOf(await record(pageNamed("form"), { ...SELECTORS, defaultMaskLevel: level }, act)));
    const isShown = (key) => ours[key].some((what) => what.includes(`${TYPED}${key}`));
    assert.ok(isShown("input-unmask"));
    for (const key of ["text-input", "no-type", "textarea"]) assert.equal(isShown(key), level === "light", key);
    for (const key of ["email", "tel", "cc", "input-mask"]) assert.ok(!isShown(key), key);
    assert.equal(ours["added-input"].includes("value=added value"), level === "light");
    assert.ok(ours.select.includes(level === "light" ? "typed=first-choice false" : "typed=******** false"));
    assert.equal(ours.text.includes("Text that changed"), level !== "conservative");
    assert.deepEqual(ours.added.filter((what) => !what.startsWith("<")).sort(), ["****", "*****"]);
  });
}

test("an address decides before the default level, the first match before others", async () => {
  const privacyConfig = {
    defaultMaskLevel: "light",
    urlMaskLevels: [
      { match: "https://shop.example/checkout/**", maskLevel: "conservative" },
      { match: "https://shop.example/*", maskLevel: "medium" },
    ],
  };
  const texts = async (path) => seen(eventsOf(await record(pageNamed("form"), privacyConfig, undefined, path)));
  assert.deepEqual((await texts("/checkout/pay"))["unmask-class"], ["<p>", "Shown"]);
  assert.match((await texts("/checkout/pay")).text[1], /^[*\s]+$/);
  assert.equal((await texts("/cart")).text[1], "Plain text, Grüße 👋");
  assert.equal((await texts("/cart"))["text-input"][1], "value=***** ****");
});

test("a configuration that can't be understood masks no less, and says so", async () => {
  const opened = await open(browser, pageNamed("form"), [
    withOptions({
      privacyConfig: {
        defaultMaskLevel: "lihgt",
        maskSelector: ["..", 7, ".private"],
        blockSelector: { a: 1 },
        urlMaskLevels: "x",
        maskAttributes: [null],
      },
    }),
    script,
  ]);
  await until(() => opened.events().some((event) => event.type === 2), "a full snapshot");
  assert.match(seen(opened.events()).text[1], /^[*\s]+$/);
  const { problems } = await opened.page.evaluate(() => sessionReplayRecorder.status());
  assert.equal(problems.length, 6, problems.join("\n"));
  await opened.close();
});

test("what gets the class later is left out from then on, and the configuration can change", async () => {
  const opened = await open(browser, pageNamed("form"), [
    withOptions({ privacyConfig: { defaultMaskLevel: "light" } }),
    script,
  ]);
  await until(() => opened.events().some((event) => event.type === 2), "a full snapshot");
  await opened.page.evaluate(async () => {
    const at = (key) => document.querySelector(`[data-k=${key}]`);
    at("unmask-class").classList.add("amp-block");
    await new Promise((resolve) => setTimeout(resolve, 50));
    at("unmask-class-child").firstChild.data = "late text";
    at("unmask-class-child").title = "late title";
    at("unmask-class").append("late child");
    sessionReplayRecorder.setPrivacyConfig({ defaultMaskLevel: "conservative" });
  });
  await until(() => opened.events().filter((event) => event.type === 2).length === 2, "another full snapshot");
  const lines = opened.messages.join("\n");
  for (const secret of ["late text", "late title", "late child"]) assert.ok(!lines.includes(secret), secret);
  const second = opened.events().findLast((event) => event.type === 2);
  assert.match(seen([second]).text[1], /^[*\s]+$/);
  await opened.close();
});

test("a rule far above holds for what changes deep inside, beyond a shadow root and the document of a frame", async () => {
  const inside = (what) => `<section><div><p><i data-k="${what}">text of ${what}</i></p></div></section>`;
  const html = `<div class="amp-mask">${inside("masked")}<div id="host"></div></div>${inside("shown")}
    <div class="amp-mask"><iframe srcdoc='${inside("frame-text")}'></iframe></div>
    <script>document.getElementById("host").attachShadow({ mode: "open" }).innerHTML = ${JSON.stringify(inside("in-shadow")).replaceAll("</", "<\\/")};</script>`;
  const lines = await record(html, { defaultMaskLevel: "light" }, (page) =>
    page.evaluate(() => {
      const roots = [document, document.getElementById("host").shadowRoot, document.querySelector("iframe").contentDocument];
      // Each by itself: what is known of an element does not outlive an event.
      const change = (key) => (roots.map((root) => root.querySelector(`[data-k=${key}]`)).find(Boolean).firstChild.data = `${key}, changed`);
      return ["shown", "masked", "in-shadow", "frame-text"].reduce((before, key) => before.then(() => (change(key), new Promise(requestAnimationFrame))), Promise.resolve());
    }),
  );
  const shown = seen(eventsOf(lines));
  assert.ok(shown.shown.includes("shown, changed"));
  for (const key of ["masked", "in-shadow", "frame-text"]) {
    assert.equal(shown[key].length, 3, `${key}: ${shown[key]}`);
    assert.match(shown[key].slice(1).join(""), /^[* ]+$/, key);
  }
});

test("a privacyConfig that is none leaves what is masked as it was", async () => {
  const opened = await open(browser, `<p id="p">-</p>`, [withOptions({ privacyConfig: { defaultMaskLevel: "conservative" } }), script]);
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  for (const given of ["null", '"x"', "5", "[]", "undefined", '{ defaultMaskLevel: "loose" }']) {
    await opened.page.evaluate((config) => {
      sessionReplayRecorder.setPrivacyConfig(eval(`(${config})`));
      document.getElementById("p").textContent = `secret of ${config}`;
      sessionReplayRecorder.takeFullSnapshot();
    }, given);
  }
  await opened.page.evaluate(() => document.body.setAttribute("data-end", "AFTER"));
  await until(() => opened.messages.join().includes("AFTER"), "what came after");
  assert.ok(!opened.messages.join().includes("secret"));
  assert.match((await opened.page.evaluate(() => sessionReplayRecorder.status())).problems.join(), /setPrivacyConfig was given no object/);
  await opened.close();
});
