// Style sheets, components and the top layer: the replay shows what the page shows, or `status()` names the limit.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, script, until, withOptions } from "./support/page.mjs";
import { replay } from "./support/replay.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const record = async (html, act = () => {}, given) => {
  const opened = await open(browser, html, [withOptions({}), script]);
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  await opened.page.evaluate(act, given);
  await opened.page.waitForTimeout(400);
  await opened.page.evaluate(() => document.body.setAttribute("data-end", "AFTER"));
  await until(() => opened.messages.join().includes("AFTER"), "what came after");
  return opened;
};
const problems = async (opened) => (await opened.page.evaluate(() => sessionReplayRecorder.status())).problems;

/** What `look` sees in the page and in its replay is the same. */
async function looksTheSame(opened, look, isShown = () => true) {
  const live = await opened.page.evaluate(`(${look})(document)`);
  assert.ok(isShown(live), `the page itself shows ${JSON.stringify(live)}`);
  assert.deepEqual(await replay(browser, opened.events(), look), live);
}

const VARIABLES = `:root { --sp: 8px; --red: rgb(255, 0, 0); --font: italic 20px serif; --empty: ; }`;
const SHORTHANDS = `
  #a { padding: var(--sp); padding-bottom: 20px } /* } in a comment */
  #b { background: var(--red); background-clip: padding-box; content: "}" }
  @media (min-width: 1px) { #c { font: var(--font); font-size: 30px } }
  #d { margin: var(--sp); margin-left: 1px; background-image: url(picture.png) }
  #e { nonsense; border: 1px solid var(--red); border-left-width: 5px }`;
const LOOK = (document) =>
  [..."abcde"].map((id) => {
    const style = document.defaultView.getComputedStyle(document.getElementById(id));
    return ["padding", "backgroundColor", "fontSize", "fontStyle", "margin", "borderTopWidth", "borderLeftWidth"].map((key) => style[key]);
  });
const BODY = `<body>${[..."abcde"].map((id) => `<div id="${id}">${id}</div>`).join("")}</body>`;
const isStyled = ([a, b, c, d, e]) => a[0] === "8px 8px 20px" && b[1] === "rgb(255, 0, 0)" && c[2] === "30px" && d[4].startsWith("8px") && e[6] === "5px";

test("shorthands with var() in a <style>, beside rules that scripts add", async () => {
  const opened = await record(`<!doctype html><style id="s">${VARIABLES}${SHORTHANDS}</style>${BODY}`, () => {
    const { sheet } = document.getElementById("s");
    sheet.insertRule("#a { margin: var(--sp); margin-top: 3px }", sheet.cssRules.length);
    sheet.deleteRule(0);
    sheet.insertRule(":root { --sp: 8px; --red: rgb(255, 0, 0); --font: italic 20px serif }", 0);
    sessionReplayRecorder.takeFullSnapshot();
  });
  await looksTheSame(opened, LOOK, isStyled);
  assert.deepEqual(await problems(opened), []);
  await opened.close();
});

test("the same in a <style> that is added later, and in one of several texts", async () => {
  const opened = await record(`<!doctype html><style>${VARIABLES}</style>${BODY}`, (css) => {
    const style = document.createElement("style");
    for (const part of css.split(/(?<=\}\n)/)) style.append(part);
    document.head.append(style);
  }, SHORTHANDS.replace("@media (min-width: 1px) {", "").replace("30px } }", "30px }"));
  await looksTheSame(opened, LOOK, isStyled);
  await opened.close();
});

test("the same in sheets that the document, or a component, has adopted", async () => {
  const opened = await record(`<!doctype html><style>${VARIABLES}</style>${BODY}`, (css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
    sessionReplayRecorder.takeFullSnapshot();
  }, SHORTHANDS);
  await looksTheSame(opened, LOOK, isStyled);
  assert.deepEqual(await problems(opened), []);
  await opened.close();
});

test("a sheet whose text is not at hand, and has lost a shorthand, is named", async () => {
  const opened = await open(browser, `<link rel="stylesheet" href="/style.css"><style>${VARIABLES}</style>${BODY}`, [withOptions({}), script]);
  await opened.page.route("**/style.css", (route) => route.fulfill({ contentType: "text/css", body: SHORTHANDS }));
  await opened.page.reload();
  await until(async () => /style\.css.*var\(\)/.test((await problems(opened)).join()), "the problem");
  await opened.close();
});

test("an empty custom property is no lost shorthand", async () => {
  const opened = await record(`<style>:root { --tw-ring: ; --x: } p { --y: ; color: red }</style><p>text</p>`);
  assert.deepEqual(await problems(opened), []);
  await opened.close();
});

const HOSTS = (document) =>
  [...document.querySelectorAll(".host")].map((host) => {
    const b = host.shadowRoot?.querySelector("b");
    return [b?.textContent, b && document.defaultView.getComputedStyle(b).color];
  });
const areRed = (hosts) => hosts.length > 0 && hosts.every(([, color]) => color === "rgb(255, 0, 0)");

test("a component whose sheet is told before its tree", async () => {
  const opened = await record(`<x-late class="host"></x-late><x-late class="host"></x-late>`, async () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("b { color: rgb(255, 0, 0) }");
    const later = [];
    customElements.define("x-late", class extends HTMLElement {
      connectedCallback() {
        this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
        later.push(() => (this.shadowRoot.innerHTML = "<b>late</b>"));
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const render of later) render();
    const another = document.createElement("x-late");
    another.className = "host";
    document.body.append(another);
    await new Promise((resolve) => setTimeout(resolve, 100));
    later[2]();
  });
  await looksTheSame(opened, HOSTS, (hosts) => areRed(hosts) && hosts.length === 3);
  await opened.close();
});

test("a sheet that a component which is left out shares with others", async () => {
  const opened = await record(`<p>text</p>`, async () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("b { color: rgb(255, 0, 0) }");
    const make = (into, html) => {
      const host = into.appendChild(document.createElement("div"));
      host.className = "host";
      const root = host.attachShadow({ mode: "open" });
      root.innerHTML = html;
      root.adoptedStyleSheets = [sheet];
    };
    const blocked = document.body.appendChild(document.createElement("section"));
    blocked.className = "amp-block";
    const inside = blocked.appendChild(document.createElement("div"));
    make(inside, "<b>secret</b>");
    await new Promise((resolve) => setTimeout(resolve, 100));
    make(document.body, "<b>open</b>");
  });
  assert.ok(!opened.messages.join().includes("secret"));
  const shown = await replay(browser, opened.events(), HOSTS);
  assert.deepEqual(shown, [["open", "rgb(255, 0, 0)"]]);
  await opened.close();
});

/** Run in the page: a style element of thousands of texts, whose last rule is for the paragraph. */
const LONG_STYLES = {
  "rules of their own": () => {
    const style = document.createElement("style");
    for (let i = 0; i < 2_000; i++) style.append(`.r${i} { color: rgb(${i % 256}, 0, 1); background: url(a${i}.png) }\n`);
    document.head.append(style);
  },
  "parts of rules, alike": () => {
    const style = document.createElement("style");
    for (let i = 0; i < 1_500; i++) style.append(`.r${i < 1_499 ? i % 7 : 1_999} { `, "color: rgb(207, 0, 1) }\n");
    document.head.append(style);
  },
};

for (const [what, make] of Object.entries(LONG_STYLES)) {
  for (const isLater of [false, true]) {
    test(`a <style> of thousands of texts, ${what}, ${isLater ? "added later" : "from the beginning"}`, async () => {
      const html = `<p class="r1999">text</p>`;
      const opened = isLater ? await record(html, make) : await record(`${html}<script>(${make})()</script>`);
      const look = (document) => document.defaultView.getComputedStyle(document.querySelector("p")).color;
      await looksTheSame(opened, look, (color) => color === "rgb(207, 0, 1)");
      await opened.page.evaluate(() => {
        const style = document.querySelector("style");
        // The page still sees its sheet.
        if (style.sheet.cssRules.length < 1_500) throw new Error("no sheet");
        style.childNodes[0].data = ".x { color: red } .y { ";
        style.lastChild.data = "color: rgb(9, 9, 9) } .r1999 { color: rgb(9, 9, 9) }";
        document.body.setAttribute("data-end", "CHANGED");
      });
      await until(() => opened.messages.join().includes("CHANGED"), "the changes");
      await looksTheSame(opened, look);
      await opened.close();
    });
  }
}

test("a page whose fields and images have the names of what styles are found by", async () => {
  const opened = await record(`<img name="getElementsByTagName">`, () => {
    const fields = ["getElementsByTagName", "querySelectorAll"].map((name) => `<input name="${name}">`).join("");
    document.body.insertAdjacentHTML("beforeend", `<form>${fields}<style>b { color: red }</style><b>ADDED</b></form>`);
  });
  await until(() => JSON.stringify(opened.events()).includes("ADDED"), "what was added");
  await opened.page.evaluate(() => sessionReplayRecorder.takeFullSnapshot());
  await until(() => opened.events().filter(({ type }) => type === 2).length === 2, "another full snapshot");
  await opened.close();
});

test("a modal dialog is shown as one", async () => {
  const opened = await record(`<dialog id="d">in a dialog</dialog>`, () => document.getElementById("d").showModal());
  const look = (document) => [document.querySelector("dialog").matches(":modal"), document.querySelector("dialog").open];
  await looksTheSame(opened, look, ([isModal]) => isModal);
  assert.deepEqual(await problems(opened), []);
  await opened.close();
});

for (const when of ["before the recorder looks", "later"]) {
  test(`an open popover is a limit that is named, opened ${when}`, async () => {
    const show = () => document.getElementById("p").showPopover();
    const opened = when === "later"
      ? await record(`<div id="p" popover>popover</div>`, show)
      : await record(`<div id="p" popover>popover</div><script>(${show})()</script>`);
    await until(async () => (await problems(opened)).length > 0, "the limit");
    assert.match((await problems(opened)).join(), /popover/);
    await opened.close();
  });
}
