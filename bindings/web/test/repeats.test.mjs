// Attributes that repeat what is masked are masked with it, at every level, in full snapshots and in changes; what is
// hidden has no length.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const REPEATING = `
  <select id="s"><option value="secret-1">secret-1</option><option value="none" label="secret-2">none</option>
    <optgroup label="secret-3"><option>x</option></optgroup></select>
  <input list="l"><datalist id="l"><option value="secret-4"></option><option label="secret-5" value="1"></option></datalist>
  <video><track label="secret-6" kind="captions"></video>
  <button value="secret-7">press</button>
  <data value="secret-8">eight</data> <meter value="0.4242">4242 of 10,000</meter> <progress value="4243" max="9999"></progress>
  <img alt="secret-9" src="data:,"> <p title="secret-10" aria-label="secret-11" aria-description="secret-12">text</p>
  <div role="slider" aria-valuetext="secret-13" aria-valuenow="4244"></div>
  <input placeholder="secret-14"> <textarea placeholder="secret-15"></textarea>
  <time datetime="1980-04-24">24 April</time> <a href="mailto:secret-16@example.com">mail</a> <a href="tel:+49424242">call</a>
  <a download="secret-17.pdf" href="/x">file</a> <table summary="secret-18"><tr><th abbr="secret-19">abbreviated</th></tr></table>
  <b data-name="secret-20" data-state="open">secret-20</b> <i data-tooltip="of secret-21, too">secret-21</i>
  <x-card heading="secret-22">secret-22</x-card>
  <form action="mailto:secret-23@x"><button formaction="MAILTO:secret-24">send</button></form>
  <blockquote cite="tel:secret-25"></blockquote> <a href="facetime:secret-26">call</a> <a href=" sms:secret-27">write</a>
  <svg><a xlink:href="mailto:secret-28" xlink:title="secret-29" title="secret-32"><text>x</text></a></svg>
  <q cite="mail&#10;to:secret-33"></q> <a href="data:text/plain,secret-34">note</a> <iframe src="mailto:secret-35"></iframe>
  <a ping="matrix:secret-36" href="javascript:secret-37()">go</a>
  <form action="https://shop.example/pay"></form> <img src="data:image/png;base64,shown">`;
const SECRETS = /secret-\d+|424[0-9]/g;

async function sent(privacyConfig, html, act = () => {}) {
  const opened = await open(browser, html, [withOptions({ privacyConfig }), script]);
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  await opened.page.evaluate(act);
  await opened.page.evaluate(() => document.body.setAttribute("data-end", "AFTER"));
  await until(() => opened.messages.join().includes("AFTER"), "what came after");
  assert.deepEqual((await opened.page.evaluate(() => sessionReplayRecorder.status())).problems, []);
  await opened.close();
  return opened;
}

/** Runs in the page: all of it again, by each way in which a page changes. */
const addAgain = () => {
  const { body } = document;
  const again = body.cloneNode(true);
  for (const element of body.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (!/secret|424/.test(value)) continue;
      element.setAttribute(name, "-");
      element.setAttribute(name, value);
      setTimeout(() => element.setAttribute(name, `${value} `));
    }
  }
  document.getElementById("s").add(new Option("secret-30", "secret-31"));
  body.append(...again.children);
};

for (const [how, privacyConfig, body] of [
  ["at conservative", { defaultMaskLevel: "conservative" }, "<body>"],
  ["under amp-mask at light", { defaultMaskLevel: "light" }, '<body class="amp-mask">'],
  ["under a maskSelector at medium", { maskSelector: "[data-private]" }, "<body data-private>"],
  ["unmasked inside of what is masked", { unmaskSelector: "option, p, b, img, select" }, '<body class="amp-mask">'],
]) {
  test(`${how}: no attribute repeats what is masked, whatever changes`, async () => {
    const opened = await sent(privacyConfig, `${body}${REPEATING}</body>`, addAgain);
    // The time of an event may have any digits.
    const lines = opened.messages.join("\n").replace(/"timestamp":\d+/g, "");
    assert.deepEqual([...new Set(lines.match(SECRETS))], []);
    assert.ok(lines.includes('"data-state":"open"'), "what is no text stays");
    for (const kept of ["https://shop.example/pay", "data:image/png;base64,shown"]) assert.ok(lines.includes(kept), kept);
  });
}

test("at medium what is shown as text is shown as an attribute, too", async () => {
  const opened = await sent({ defaultMaskLevel: "medium" }, `<body>${REPEATING}</body>`);
  const found = new Set(opened.messages.join("\n").match(SECRETS));
  assert.ok(found.has("secret-1") && found.has("secret-9") && found.has("secret-20"));
});

test("what is typed, or chosen, and masked is masked where the field itself repeats it", async () => {
  const html = `<input id="a"><textarea id="b"></textarea><select id="c"><option value="zqx-one">-</option><option value="zqx-two">-</option></select>`;
  const opened = await open(browser, html, [withOptions({}), script]);
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  await opened.page.evaluate(() => {
    for (const field of document.querySelectorAll("input, textarea, select"))
      field.addEventListener("input", () => {
        for (const name of ["value", "data-value", "data-last", "title", "aria-valuetext"]) field.setAttribute(name, `${field.value}`);
      });
  });
  await opened.page.locator("#a").pressSequentially("zqxtyped");
  await opened.page.locator("#b").pressSequentially("zqxwritten");
  await opened.page.selectOption("#c", "zqx-two");
  await opened.page.evaluate(() => sessionReplayRecorder.takeFullSnapshot());
  await until(() => opened.events().filter(({ type }) => type === 2).length === 2, "another full snapshot");
  const lines = opened.messages.join("\n").replaceAll(/"value":"zqx-(one|two)"/g, "");
  assert.ok(!lines.includes("zqx"), lines.slice(Math.max(0, lines.indexOf("zqx") - 100), lines.indexOf("zqx") + 20));
  await opened.close();
});

test("passwords and selections tell nothing by their length, nor by how often they change", async () => {
  const html = `<input id="p" type="password"><p id="mirror"></p><select id="s"><option>-</option><option value="hiv-positive">A</option><option value="none">B</option></select>`;
  const told = async (password, choice) => {
    const opened = await open(browser, html, [withOptions({}), script]);
    await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
    await opened.page.locator("#p").pressSequentially(password);
    await opened.page.selectOption("#s", choice);
    await opened.page.evaluate(() => {
      const { value } = document.getElementById("p");
      document.getElementById("mirror").textContent = value;
      document.getElementById("mirror").setAttribute("data-value", value);
      document.getElementById("p").setAttribute("data-value", value);
    });
    await opened.page.evaluate(() => sessionReplayRecorder.takeFullSnapshot());
    await until(() => opened.events().filter(({ type }) => type === 2).length === 2, "another full snapshot");
    await opened.close();
    const isPositioned = ({ type, data }) => type === 2 || (type === 3 && [0, 5].includes(data.source));
    return opened.events().filter(isPositioned).map(({ type, data }) => ({ type, data }));
  };
  assert.deepEqual(await told("abcd", "none"), await told("correct horse battery", "hiv-positive"));
});
