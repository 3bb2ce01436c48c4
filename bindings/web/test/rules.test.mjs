// Rules about masking in pages that make it hard to see that there is one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** Whatever a rule is to hide begins with "zqx"; what is to be shown with "shown". */
async function holds(html, act, { shows = ["shown"], ...privacyConfig } = {}) {
  const scripts = [withOptions({ privacyConfig: { defaultMaskLevel: "light", ...privacyConfig } }), script];
  const opened = await open(browser, `<p>shown</p>${html}`, scripts);
  const { page, messages } = opened;
  const sent = () => messages.join("\n");
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  const frames = await page.evaluate(() => document.querySelectorAll("iframe").length);
  await until(() => sent().split("isAttachIframe").length > frames, "the documents of the frames");
  await page.evaluate(act);
  // rrweb tells what scripts put into fields by a timer.
  await page.waitForTimeout(50);
  await page.evaluate(() => document.body.setAttribute("data-end", "AFTER"));
  await until(() => sent().includes("AFTER"), "what came after is recorded");
  const at = sent().indexOf("zqx");
  assert.ok(at < 0, `it left the page: ${sent().slice(Math.max(0, at - 100), at + 40)}`);
  for (const text of shows) assert.ok(sent().includes(text), `"${text}" is missing`);
  assert.doesNotMatch(String(await page.evaluate(() => sessionReplayRecorder.status().problems)), /ignored/);
  await opened.close();
}

const nothing = () => {};
const shadow = (html) => `<x-a></x-a><script>document.querySelector("x-a").attachShadow({ mode: "open" }).innerHTML = ${JSON.stringify(html).replaceAll("</", "<\\/")}</script>`;

test("what changes in an element that is blocked and emptied in the same turn", () =>
  holds(`<div id="box"><p>-</p>-</div>`, () => {
    const box = document.getElementById("box");
    const [element, text] = box.childNodes;
    box.classList.add("amp-block");
    text.data = "zqx1";
    element.firstChild.data = "zqx2";
    element.title = "zqx3";
    text.remove();
    element.remove();
  }));

test("what changes in a component that is then taken out of a masked element", () =>
  holds(`<div class="amp-mask">${shadow("<p>-</p><input>")}</div>`, () => {
    const host = document.querySelector("x-a");
    const [text, field] = host.shadowRoot.children;
    text.firstChild.data = "zqx1";
    field.value = "zqx2";
    host.remove();
    text.title = "zqx3";
  }));

test("rules in components and frames of a page that has none, and a page that gets one", () =>
  holds(
    `${shadow(`<p class="amp-mask">zqx1</p><div class="amp-block">zqx2</div><p><input class="amp-mask" value="zqx3"></p>`)}
    <iframe srcdoc="<p class=amp-mask>zqx4</p>"></iframe><p id="later">shown too</p>`,
    () => {
      const later = document.getElementById("later");
      later.className = "amp-mask";
      later.firstChild.data = "zqx5";
      document.body.append(Object.assign(document.createElement("p"), { className: "amp-mask", textContent: "zqx6" }));
      sessionReplayRecorder.takeFullSnapshot();
    },
    { shows: ["shown", "shown too"] },
  ));

test("a field of a masked element that is detached, filled and put back", () =>
  holds(`<div class="amp-mask"><input></div>`, () => {
    const field = document.querySelector("input");
    const parent = field.parentNode;
    field.remove();
    field.value = "zqx1";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    parent.append(field);
  }));

test("what is elsewhere by the time it is told is shown by the rules there", () =>
  holds(
    `<div class="amp-mask"><p>-</p></div>`,
    () => {
      const moved = document.querySelector("div > p");
      moved.remove();
      moved.firstChild.data = "public now";
      document.body.append(moved);
    },
    { shows: ["shown", "public now"] },
  ));

for (const [name, rule] of [["classList", "amp-block"], ["matches", "secret"]])
  test(`a blocked form with a field named "${name}"`, () =>
    holds(`<form class="${rule}" title="zqx1"><input name="${name}" value="zqx2"><p>zqx3</p></form>`, nothing, { blockSelector: ".secret" }));

test("a frame whose document has an image named as the document's own property", () =>
  holds(`<div class="amp-mask"><iframe srcdoc='<img name="defaultView"><p>zqx1</p>'></iframe></div>`, () =>
    document.querySelector("iframe").contentDocument.querySelector("p").append("zqx2"),
  ));

test("a page that is edited as a whole and has a form named as the document's own property", () =>
  holds(`<form name="designMode"></form><p id="p" style="-webkit-text-security: disc">-</p>`, () => {
    Object.getOwnPropertyDescriptor(Document.prototype, "designMode").set.call(document, "on");
    document.getElementById("p").firstChild.data = "zqx1";
  }));

const SECRET = `<section class="secret"><div><p><i id="deep">zqx1</i></p></div></section><p class="public">plain text</p>`;
const changeDeep = () => (document.getElementById("deep").firstChild.data = "zqx2");
for (const open of [".a /* that", "[data-a", "[data-a='b", ".a\\"])
  test(`a selector behind one that is still open: ${open}`, () => holds(SECRET, changeDeep, { maskSelector: [open, ".secret"] }));

test("a rule of another kind than that of a selector which is still open", () =>
  holds(SECRET, changeDeep, { defaultMaskLevel: "conservative", maskSelector: ".a /* that", unmaskSelector: [".public"], shows: ["plain text"] }));

for (const scope of [":scope", "&"])
  test(`a selector with ${scope} holds for what is deep inside, as for the element`, () =>
    holds(SECRET, changeDeep, { maskSelector: `${scope}.secret, ${scope}:not(p, body, html):has(#deep)` }));

test("a rule that holds for what is asked for alone, in other letters", () =>
  holds(`<p class="a">zqx1</p><p id="b">-</p>`, () => (document.getElementById("b").className = "a", document.getElementById("b").firstChild.data = "zqx2"), {
    maskSelector: ".a:\\73 cope",
  }));

test("names of attributes in capitals", () =>
  holds(`<p class="amp-mask" data-name="zqx1">-</p>`, () => document.querySelector("[data-name]").setAttribute("DATA-NAME", "zqx2"), {
    maskAttributes: ["Data-Name"],
  }));

test("a style element that is no style sheet, and one that is", () =>
  holds(
    `<div class="amp-mask"><style type="text/plain" style="display: block">zqx1</style></div>`,
    () => {
      const named = document.createElementNS("urn:other", "style");
      named.textContent = "zqx2";
      const sheet = document.createElement("style");
      sheet.textContent = "b { color: red }";
      document.querySelector("div").append(named, sheet);
    },
    { shows: ["color: red"] },
  ));

test("what a script sets in a field before it leaves an address with a stricter level, and not what it sets there after", () =>
  holds(
    `<input id="before"><input id="after">`,
    async () => {
      history.pushState(null, "", "/secret");
      await new Promise(requestAnimationFrame);
      document.getElementById("before").value = "zqx1";
      history.pushState(null, "", "/");
      document.getElementById("after").value = "public";
    },
    { urlMaskLevels: [{ match: "*/secret", maskLevel: "conservative" }], shows: ["public"] },
  ));

test("copies of a password that has white space around it", () =>
  holds(`<input id="field" type="password"><p id="copy">-</p>`, () => {
    const field = document.getElementById("field");
    const copy = document.getElementById("copy");
    field.value = " zqxsecret ";
    copy.textContent = field.value;
    copy.title = field.value.trim();
  }));
