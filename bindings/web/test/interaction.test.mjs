// Clicks and scroll depth: as the browser SDK tells them, and where it can't tell them right.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { allOfBrowserSdk } from "./support/browser-sdk.mjs";
import { bundle, launch, open, script, until, withOptions } from "./support/page.mjs";

const TAG = "session-replay-interaction";
const BEGINNING = `{"type":5,"data":{"tag":"${TAG}","payload":{`;
let browser;

before(async () => (browser = await launch()));
after(() => browser?.close());

const ON = { enabled: true, batch: false };

/** Opens a page with our recorder; `interactions` are what it has told so far. */
async function record(t, content, { interactionConfig = ON, scripts = [], path, ...options } = {}) {
  const opened = await open(browser, content, [...scripts, withOptions({ interactionConfig, ...options }), script], { path });
  t.after(opened.close);
  const { page, events } = opened;
  await until(() => events().some(({ type }) => type === 2), "a full snapshot");
  const interactions = () => events().filter(({ data }) => data?.tag === TAG).map(({ data }) => data.payload);
  const told = (count) => until(() => interactions().length >= count && interactions(), `${count} interactions`);
  /** Everything told until now has arrived. */
  const settled = async () => {
    await page.waitForTimeout(300);
    await page.evaluate(() => sessionReplayRecorder.flush());
    await until(() => page.evaluate(() => sessionReplayRecorder.status().waitingEvents === 0), "all is sent");
    return interactions();
  };
  return { ...opened, interactions, told, settled };
}

const leave = (page) => page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide")));
const clickAt = (page, selector) => page.locator(selector).click({ position: { x: 3, y: 4 } });
const withoutTime = (interactions) => interactions.map(({ timestamp, count, ...rest }) => (assert.ok(timestamp > 1.7e12), rest));

const PAGE = `<!doctype html><title>t</title><style>* { margin: 0 } .tall { height: 3000px } .wide { width: 2500px; height: 10px }</style>
<div id=top class="bar dark"><button class="buy big">Buy</button><button class=buy>Buy</button><a href=#x>Link</a></div>
<ul><li>one</li><li>two <b>bold</b></li><li id="we.ird:id">three</li></ul>
<svg width=50 height=20><rect class="shape" width=40 height=15 /></svg>
<my-card><span>inside</span></my-card><div class=tall></div><div class=wide></div><footer><p>end</p></footer>`;

test("clicks and scroll depth are told as by the browser SDK", async (t) => {
  const act = async (page) => {
    for (const selector of ["#top", "button >> nth=0", "button >> nth=1", "b", "li >> nth=0", "li >> nth=2", "rect", "my-card span"]) {
      await clickAt(page, selector);
    }
    await page.evaluate(() => scrollTo(120, 1500));
    await page.waitForTimeout(300);
    await page.mouse.click(30, 40);
    await page.evaluate(() => scrollTo(50, 700));
    await page.waitForTimeout(300);
    await page.mouse.click(300, 200);
    await page.waitForTimeout(100);
  };
  const beacons = [];
  const enough = (_events, interactions) => interactions.filter(({ type }) => type === "click").length >= 10;
  // The SDK tells the scroll depth by a beacon, of which a browser's network log has no body.
  const keepBeacons = async (page) => {
    await page.exposeFunction("beaconSent", (body) => void beacons.push(...JSON.parse(body).events));
    await page.evaluate(() => (navigator.sendBeacon = (_url, body) => (window.beaconSent(body), true)));
    await act(page);
    await leave(page);
  };
  const remote = { sr_interaction_config: { ...ON, trackEveryNms: 100 } };
  const theirs = await allOfBrowserSdk(browser, PAGE, { remote, act: keepBeacons, enough });
  const { page, told, messages } = await record(t, PAGE);
  await act(page);
  await leave(page);
  const ours = withoutTime(await told(11));
  assert.deepEqual(ours.filter(({ type }) => type === "click"), withoutTime(theirs.interactions));
  // Once more when the test closes the page.
  assert.deepEqual(ours.filter(({ type }) => type === "scroll"), withoutTime(beacons.slice(0, 1)));
  assert.equal(ours.length, 11);
  assert.deepEqual([ours.at(-1).maxScrollX, ours.at(-1).maxScrollY], [120, 1500]);
  // The library knows a line by how it begins.
  assert.equal(messages.join("\n").split("\n").filter((line) => line.startsWith(BEGINNING)).length, 11);
});

test("nothing is told where interactions are not enabled, and what is from then on where they are", async (t) => {
  const { page, settled } = await record(t, PAGE, { interactionConfig: { enabled: false, batch: false } });
  await clickAt(page, "b");
  await leave(page);
  assert.deepEqual(await settled(), []);
  await page.evaluate((on) => sessionReplayRecorder.setConfig({ interactionConfig: on }), ON);
  await clickAt(page, "b");
  assert.deepEqual((await settled()).map(({ type }) => type), ["click"]);
  await page.evaluate(() => sessionReplayRecorder.setConfig({}));
  await clickAt(page, "b");
  await leave(page);
  assert.equal((await settled()).length, 1);
});

test("of a click on what is blocked nothing is told", async (t) => {
  const content = `<!doctype html><title>t</title><div class=amp-block style="width:90px;height:30px"><b>secret</b></div>
    <div class=hidden><p id=inner>more</p></div><my-host class=hidden></my-host><i>shown</i>
    <script>document.querySelector("my-host").attachShadow({ mode: "open" }).innerHTML = "<u>in the shadow</u>"</script>`;
  const { page, settled } = await record(t, content, { privacyConfig: { blockSelector: [".hidden"] } });
  for (const selector of ["b", "#inner", "u", "i"]) await page.locator(selector).click();
  assert.deepEqual((await settled()).map(({ selector }) => selector), ["i"]);
});

test("a selector holds no attribute that the configuration masks", async (t) => {
  const content = "<!doctype html><title>t</title><div id=jane class=vip><p id=account-7 class=gold>x</p><p>y</p></div>";
  const selectors = async (maskAttributes) => {
    const { page, settled } = await record(t, content, { privacyConfig: { maskAttributes } });
    await page.locator("p >> nth=0").click();
    return (await settled()).map(({ selector }) => selector);
  };
  assert.deepEqual(await selectors([]), ["#account-7"]);
  assert.deepEqual(await selectors(["id"]), [".gold"]);
  assert.deepEqual(await selectors(["id", "class"]), ["p:nth-child(1)"]);
});

test("a click in a shadow tree or in a frame is told where it is, on what the page's document knows", async (t) => {
  const content = `<!doctype html><title>t</title><style>* { margin: 0 }</style><u>a</u><my-host style="display:block"></my-host>
    <iframe style="position:absolute; left:100px; top:200px; border:5px solid" srcdoc="<button style='border:0'>in the frame</button>"></iframe>
    <script>document.querySelector("my-host").attachShadow({ mode: "open" }).innerHTML = "<u>in the shadow</u>"</script>`;
  const { page, told } = await record(t, content);
  await page.locator("my-host u").click();
  const button = page.frameLocator("iframe").locator("button");
  await until(async () => (await button.boundingBox()) !== null, "the frame");
  const box = await button.boundingBox();
  await page.waitForTimeout(300);
  await button.click({ position: { x: 2, y: 3 } });
  const [inShadow, inFrame] = await told(2);
  assert.equal(inShadow.selector, "my-host");
  assert.equal(inFrame.selector, "iframe");
  assert.deepEqual([inFrame.x, inFrame.y], [Math.round(box.x) + 2, Math.round(box.y) + 3]);
});

test("only the page's own scrolling counts, also for where a click is", async (t) => {
  const content = `<!doctype html><title>t</title><style>* { margin: 0 }</style>
    <div id=list style="height:100px;overflow:auto"><div style="height:9000px">x</div></div><p>y</p>`;
  const { page, told } = await record(t, content);
  await page.evaluate(() => (document.querySelector("#list").scrollTop = 5000));
  await page.waitForTimeout(300);
  await page.mouse.click(10, 20);
  await leave(page);
  const [click, scroll] = await told(2);
  assert.deepEqual([click.x, click.y], [10, 20]);
  assert.equal(scroll.maxScrollY, 0);
});

test("a change of address ends a visit: its scroll depth is told, and the next one begins at the top", async (t) => {
  const { page, told } = await record(t, PAGE, {
    interactionConfig: { ...ON, ugcFilterRules: [{ selector: "https://shop.example/item/*", replacement: "https://shop.example/item" }] },
    path: "/item/1",
  });
  const scroll = async (y) => {
    await page.evaluate((y) => scrollTo(0, y), y);
    await page.waitForTimeout(300);
  };
  await scroll(1200);
  // Told as the same, it is the same page.
  await page.evaluate(() => history.pushState(null, "", "/item/2"));
  await scroll(1300);
  // What is heard of the scrolling is heard late. And a router puts the next page at its top a moment later.
  await page.evaluate(() => (scrollTo(0, 1310), history.pushState(null, "", "/list")));
  await page.waitForTimeout(300);
  await scroll(0);
  await scroll(400);
  await page.evaluate(() => history.replaceState(null, "", "/list?page=2"));
  await leave(page);
  const visits = (await told(3)).map(({ type, pageUrl, maxScrollY }) => [type, pageUrl, maxScrollY]);
  assert.deepEqual(visits, [
    ["scroll", "https://shop.example/item", 1310],
    ["scroll", "https://shop.example/list", 400],
    // The user still looks at it.
    ["scroll", "https://shop.example/list?page=2", 400],
  ]);
});

const selectors = await bundle(
  `import { finder } from "@amplitude/session-replay-browser/lib/esm/libs/finder";
   import { selectorOf } from "../src/interaction/selector";
   window.theirs = (element) => { try { return finder(element); } catch { return undefined; } };
   window.ours = (element, limits = {}) =>
     selectorOf(element, { timeoutMs: 1e9, maxNumberOfTries: 10_000, threshold: 1_000, ...limits }, () => false);`,
);

test("every selector is the browser SDK's, in documents of any kind", async (t) => {
  const opened = await open(browser, "<!doctype html><title>t</title>", [selectors]);
  t.after(opened.close);
  const seed = Number(process.env.SR_SEED ?? Date.now()) >>> 0;
  console.log(`SR_SEED=${seed}`);
  const result = await opened.page.evaluate((seed) => {
    let state = seed;
    const random = (count) => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0), Math.floor((state / 2 ** 32) * count));
    const NAMES = ["a", "b", "x:y", "1st", "item", "is-on", "größe", "w-[3px]"];
    let count = 0;
    for (let round = 0; round < 20; round++) {
      document.body.replaceChildren();
      const all = [document.body];
      for (let i = 0; i < 60; i++) {
        const element = document.createElement(["div", "p", "span", "li", "my-item"][random(5)]);
        if (random(6) === 0) element.id = NAMES[random(NAMES.length)] + random(3);
        for (let j = random(4); j > 0; j--) element.classList.add(NAMES[random(NAMES.length)]);
        all[random(all.length)].append(element);
        all.push(element);
      }
      for (const element of document.querySelectorAll("*")) {
        const [theirs, ours] = [window.theirs(element), window.ours(element)];
        if (ours !== theirs) return { html: document.body.innerHTML, ours, theirs };
        if (ours !== undefined && document.querySelector(ours) !== element) return { wrong: ours };
        count++;
      }
    }
    return { count };
  }, seed);
  assert.deepEqual(Object.keys(result), ["count"], JSON.stringify(result));
  assert.ok(result.count > 1_000);
});

test("the search for a selector ends, whatever the page is like", async (t) => {
  const content = `<!doctype html><title>t</title><form><input name=parentElement><input name=querySelectorAll><b>x</b></form>
    <img name=querySelector>${`<div class="${Array.from({ length: 400 }, (_, i) => `c${i}`).join(" ")}">`.repeat(6)}<i></i><i></i>`;
  const opened = await open(browser, content, [selectors]);
  t.after(opened.close);
  const found = await opened.page.evaluate(() => {
    const limits = { timeoutMs: 25 };
    const elements = ["form", "b", "i", "img", "input", "div"].flatMap((name) => [...document.getElementsByTagName(name)]);
    return elements.map((element) => [element.localName, window.ours(element, limits) ?? null]);
  });
  assert.equal(found.length, 13);
});

test("a thread that waited for its processor has not searched: a selector is found all the same", async (t) => {
  const many = `<b class="${Array.from({ length: 20 }, (_, i) => `c${i}`).join(" ")}"></b>`;
  const opened = await open(browser, `<!doctype html><title>t</title><i id=one></i><p></p><p class=two></p><p></p>${many.repeat(2)}`, [selectors]);
  t.after(opened.close);
  const found = await opened.page.evaluate(() => {
    const foundWith = (stepMs) => {
      let now = 0;
      performance.now = () => (now += stepMs);
      return [...document.querySelectorAll("i, p, b")].map((element) => window.ours(element, { timeoutMs: 25 }) ?? null);
    };
    return [1, 2, 1_000].map(foundWith);
  });
  const soon = ["#one", "p:nth-child(2)", ".two", "p:nth-child(4)"];
  // Behind twenty classes that both elements have.
  const late = [".c0:nth-child(5)", ".c0:nth-child(6)"];
  assert.deepEqual(found, [[...soon, ...late], [...soon, null, null], [...soon, null, null]]);
});
