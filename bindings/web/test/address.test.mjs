// The page's address: told at each change as the browser SDK tells it, and never but as `ugcFilterRules` say.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { allOfBrowserSdk } from "./support/browser-sdk.mjs";
import { bundle, launch, open, script, until, withOptions } from "./support/page.mjs";
import { seeded } from "./support/seeded.mjs";

/** How the browser SDK tells an address. */
const { getPageUrl } = createRequire(import.meta.url)("@amplitude/session-replay-browser/lib/cjs/helpers.js");
const PLUGIN = "amplitude/url-tracking@1";
const html = "<!doctype html><title>Shop</title><p id=goods>Goods</p><a href=/users/jane>Jane</a>";
let browser;

before(async () => (browser = await launch()));
after(() => browser?.close());

const told = (events) => events.filter(({ data }) => data?.plugin === PLUGIN).map(({ data }) => data.payload);
const hrefs = (events) => told(events).map(({ href }) => href);

/** Opens a page with our recorder. */
async function record(t, { options = {}, path, scripts = [], content = html, headers } = {}) {
  const opened = await open(browser, content, [...scripts, withOptions(options), script], { path, headers });
  t.after(opened.close);
  await until(() => told(opened.events()).length > 0, "the first address arrives");
  const toldOf = async (href) => {
    await until(() => hrefs(opened.events()).includes(href), `${href} is told`);
    return opened.events();
  };
  return { ...opened, toldOf };
}

/** What an app with a router does. The last address is unlike all others. */
async function navigate(page) {
  await page.evaluate(async () => {
    const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
    history.pushState(null, "", "/cart");
    document.title = "Cart";
    document.querySelector("#goods").textContent = "In the cart";
    await settled();
    history.replaceState(null, "", "/cart?sorted");
    history.replaceState(null, "", "/cart?sorted");
    await settled();
    location.hash = "total";
    await settled();
    const gone = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
    history.back();
    await gone;
    await settled();
    history.pushState(null, "", "/end");
    await settled();
  });
}

for (const captureDocumentTitle of [false, true]) {
  test(`addresses are told as by the browser SDK, ${captureDocumentTitle ? "with" : "without"} titles`, async (t) => {
    const enough = (events) => hrefs(events).includes("https://shop.example/end");
    const theirs = await allOfBrowserSdk(browser, html, { init: { captureDocumentTitle }, act: navigate, enough });
    const { page, toldOf } = await record(t, { options: { pageOptions: { captureDocumentTitle } } });
    await navigate(page);
    const ours = await toldOf("https://shop.example/end");
    assert.deepEqual(told(ours), told(theirs.events));
    assert.deepEqual(
      hrefs(ours).map((href) => href.replace("https://shop.example", "")),
      ["/", "/cart", "/cart?sorted", "/cart?sorted#total", "/cart?sorted", "/end"],
    );
    // Before what the page shows there.
    const text = JSON.stringify(ours);
    assert.ok(text.indexOf("https://shop.example/cart") < text.indexOf("In the cart"));
  });
}

/** Takes the Navigation API away, which older web views don't have. */
const withoutNavigation = "delete window.navigation; if (window.navigation) throw new Error('still there');";

for (const [kind, given] of [
  ["without the Navigation API", { scripts: [withoutNavigation] }],
  ["without an origin", { headers: { "content-security-policy": "sandbox allow-scripts" } }],
]) {
  test(`a page ${kind} tells each change, too`, async (t) => {
    const { page, toldOf } = await record(t, given);
    await navigate(page);
    const paths = hrefs(await toldOf("https://shop.example/end")).map((href) => href.replace("https://shop.example", ""));
    assert.deepEqual(paths, ["/", "/cart", "/cart?sorted", "/cart?sorted#total", "/cart?sorted", "/end"]);
    assert.equal(await page.evaluate(() => Object.keys(history).length), 0);
  });
}

test("with enableUrlChangePolling a change is told that no event and no call tells of", async (t) => {
  const pageOptions = { enableUrlChangePolling: true, urlChangePollingInterval: 100 };
  const keepPush = "window.push = History.prototype.pushState;";
  const { page, toldOf } = await record(t, { scripts: [withoutNavigation, keepPush], options: { pageOptions } });
  await page.evaluate(() => window.push.call(history, null, "", "/behind"));
  await toldOf("https://shop.example/behind");
});

test("the address is told again behind each full snapshot, with which a session may begin", async (t) => {
  const { page, events } = await record(t);
  await page.evaluate(() => sessionReplayRecorder.takeFullSnapshot());
  await until(() => told(events()).length === 2, "the second one");
  const kinds = events().map(({ type }) => type).filter((type) => type === 2 || type === 6);
  assert.deepEqual(kinds, [2, 6, 2, 6]);
});

const RULES = [
  { selector: "https://shop.example/users/**/orders", replacement: "https://shop.example/users/*/orders" },
  { selector: "https://shop.example/users/*", replacement: "https://shop.example/users/someone" },
];

test("addresses are told by ugcFilterRules, where the browser SDK does so and wherever else we tell one", async (t) => {
  const path = "/users/secret-1";
  const content = "<!doctype html><title>t</title><p>Goods</p><a href=/users/link-1>x</a>";
  const act = async (page) => {
    await page.evaluate(() => history.pushState(null, "", "/users/secret-2/orders"));
    await page.mouse.click(20, 20);
    await page.waitForTimeout(200);
  };
  const interaction = { enabled: true, batch: false, trackEveryNms: 100, ugcFilterRules: RULES };
  const enough = (events) => told(events).length === 2;
  const theirs = await allOfBrowserSdk(browser, content, { remote: { sr_interaction_config: interaction }, path, act, enough });
  const ours = await record(t, { options: { interactionConfig: interaction }, path, content });
  await act(ours.page);
  await ours.toldOf("https://shop.example/users/*/orders");
  await ours.page.evaluate(() => dispatchEvent(new Event("pagehide")));
  await until(() => ours.messages.join().includes('"scroll"'), "the scroll depth");
  const meta = (events) => events.filter(({ type }) => type === 4).map(({ data }) => data.href);
  for (const { events } of [theirs, { events: ours.events() }]) {
    assert.deepEqual(meta(events), ["https://shop.example/users/someone"]);
    assert.deepEqual(hrefs(events), ["https://shop.example/users/someone", "https://shop.example/users/*/orders"]);
  }
  assert.doesNotMatch(ours.messages.join(), /secret/);
  // What the browser SDK leaves as it is: the links in the document, as we do, and its header, where we have the app's.
  assert.match(JSON.stringify(theirs.events), /users\/link-1/);
  assert.match(ours.messages.join(), /users\/link-1/);
  assert.match([...theirs.urls].join(), /secret/);
});

test("rules hold where no interactions are recorded, and from setConfig on", async (t) => {
  const { page, events, messages } = await record(t, { path: "/users/secret-1", options: { interactionConfig: { ugcFilterRules: RULES } } });
  const rules = [{ selector: "https://shop.example/users/*", replacement: "https://shop.example/u" }];
  await page.evaluate((rules) => sessionReplayRecorder.setConfig({ privacyConfig: {}, interactionConfig: { ugcFilterRules: rules } }), rules);
  await until(() => told(events()).length === 2, "the next full snapshot");
  assert.deepEqual(hrefs(events()), ["https://shop.example/users/someone", "https://shop.example/u"]);
  assert.doesNotMatch(messages.join(), /secret/);
});

async function loadFiltered() {
  const module = await bundle(
    `import { AddressFilter } from "../src/privacy/address-filter";
     export const filtered = (href, rules) => { const filter = new AddressFilter(); filter.set(rules); return filter.told(href); };`,
    { format: "esm" },
  );
  return (await import(`data:text/javascript,${encodeURIComponent(module)}`)).filtered;
}

test("rules mean what they mean in the browser SDK, whatever they are", async () => {
  const filtered = await loadFiltered();
  const seed = Number(process.env.SR_SEED ?? Date.now());
  console.log(`SR_SEED=${seed}`);
  const random = seeded(seed);
  let matches = 0;
  for (let i = 0; i < 20_000; i++) {
    const { href, rules } = randomCase(random);
    const expected = getPageUrl(href, rules);
    if (expected !== href) matches++;
    assert.equal(filtered(href, rules), expected, JSON.stringify({ href, rules }));
  }
  assert.ok(matches > 1_000, `only ${matches} rules matched`);
});

test("of an address that is too long for rules its origin alone is told", async () => {
  const filtered = await loadFiltered();
  // The same in src/model/address_filter.rs.
  for (const [start, expected] of [
    ["https://u:p@x.example:8080/users/jane/", "https://x.example:8080"],
    ["https://x.example?user=jane@", "https://x.example"],
    ["file:///shop/jane/", "file://"],
    ["/users/jane/", ""],
    ["data:,jane", ""],
  ]) {
    const long = start.padEnd(8_192, "é");
    assert.equal(filtered(long, [{ selector: "*", replacement: "all" }]), "all", start);
    assert.equal(filtered(`${long}é`, [{ selector: "*", replacement: "all" }]), expected, start);
    assert.equal(filtered(`${long}é`, []), `${long}é`, "without rules there is nothing to apply");
  }
});

test("an address that was made to take time takes none", async () => {
  const filtered = await loadFiltered();
  for (const [part, selector] of [
    ["/", `https://x${"/**/a*".repeat(20)}/**`],
    ["/", "/**/".repeat(20)],
    ["a", "*a".repeat(500)],
    ["a/", `*${"a/**/".repeat(20)}b`],
  ]) {
    const address = `https://x${part.repeat(4_000)}\n`;
    assert.equal(filtered(address, [{ selector, replacement: "" }]), address);
  }
});

test("what the library is tested with is what the browser SDK says", () => {
  const file = new URL("../../../tests/fixtures/address_filter.json", import.meta.url);
  if (process.env.SR_WRITE) writeFileSync(file, `[\n${fixedCases().map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
  const cases = JSON.parse(readFileSync(file, "utf8"));
  assert.ok(cases.length >= 300);
  for (const { href, rules, told } of cases) assert.equal(told, getPageUrl(href, rules), JSON.stringify({ href, rules }));
});

/** As many of rules that match as of others. */
function fixedCases() {
  const random = seeded(17);
  const [matched, others] = [[], []];
  while (matched.length < 300) {
    const { href, rules } = randomCase(random);
    const told = getPageUrl(href, rules);
    if (told !== href) matched.push({ href, rules, told });
    else if (others.length < 100) others.push({ href, rules, told });
  }
  return [...matched, ...others];
}

function randomCase(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const some = (list, most) => Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(list)).join("");
  const glob = () =>
    pick(["https://shop.example", "/", "https://*", "http?://"]) +
    some(["/", "*", "**", "/**", "/**/", "?", "a", "b", "users", "constructor", ".", "(", "+", "[", "|", "\\", "$", "^"], 7);
  const replacement = () => some(["x", "/", "$1", "$&", "$2", "$10", "$01", "$0", "$$", "$", "$`", "*"], 4);
  return {
    href: `https://shop.example${some(["/", "/", "a", "b", "users", "constructor", "toString", ".", "?x=1", "#h", "%20", "(", "+"], 9)}`,
    rules: Array.from({ length: 3 }, () => ({ selector: glob(), replacement: replacement() })),
  };
}

const MASKED = "**********";
const levels = (...rules) => ({ defaultMaskLevel: "light", urlMaskLevels: rules });
const STRICT = { match: "https://shop.example/account*", maskLevel: "conservative" };

/** What the newest full snapshot shows in the heading, and every text told of the paragraph since the navigation. */
const textOf = (node, tag, inside = false) =>
  node.type === 3
    ? inside ? node.textContent : ""
    : (node.childNodes ?? []).map((child) => textOf(child, tag, inside || node.tagName === tag)).join("");

test("at an address with a stricter level, what is still there is masked, too; at a looser one nothing is told anew", async (t) => {
  const content = "<!doctype html><title>t</title><h1>Jane-Doe-1</h1><p>Goods</p>";
  const { page, events } = await record(t, { content, options: { privacyConfig: levels(STRICT) } });
  const snapshots = () => events().filter(({ type }) => type === 2).map(({ data }) => textOf(data.node, "h1"));
  const go = (path, text) =>
    page.evaluate(([path, text]) => {
      history.pushState(null, "", path);
      document.querySelector("p").textContent = text;
    }, [path, text]);
  await go("/account", "Balance-1");
  await until(() => snapshots().length === 2, "a full snapshot at the stricter address");
  assert.deepEqual(snapshots(), ["Jane-Doe-1", MASKED]);
  assert.doesNotMatch(JSON.stringify(events()), /Balance/);
  await go("/", "Offers-1");
  await until(() => JSON.stringify(events()).includes("Offers-1"), "what is new at the looser address");
  await go("/account?again", "Balance-2");
  await until(() => snapshots().length === 3, "and again");
  // The heading was told at no looser address since, but other things were.
  assert.deepEqual(snapshots().slice(2), [MASKED]);
  assert.doesNotMatch(JSON.stringify(events()), /Balance/);
});

test("levels are for the address as it is, whatever is told of it", async (t) => {
  const { messages } = await record(t, {
    path: "/account/jane",
    options: {
      privacyConfig: levels(STRICT),
      interactionConfig: { ugcFilterRules: [{ selector: "https://shop.example/account*", replacement: "https://shop.example/other" }] },
    },
  });
  assert.doesNotMatch(messages.join(), /Goods|account/);
});

test("a title is masked as any text", async (t) => {
  const options = { privacyConfig: { defaultMaskLevel: "conservative" }, pageOptions: { captureDocumentTitle: true } };
  const { events } = await record(t, { options });
  assert.deepEqual(told(events()).map(({ title }) => title), ["****"]);
});

/** The texts of an element that the full snapshots show, one for each. */
const shownIn = (events, tag) => events.filter(({ type }) => type === 2).map(({ data }) => textOf(data.node, tag));

test("a stricter address that is left at once: what was masked there is not shown by a full snapshot of ours", async (t) => {
  const content = "<!doctype html><title>t</title><h1>Jane-Doe-1</h1><p>Goods</p>";
  const { page, events } = await record(t, { content, options: { privacyConfig: levels(STRICT) } });
  const go = (...places) =>
    page.evaluate(async (places) => {
      for (const [path, text] of places) {
        history.pushState(null, "", path);
        if (text) document.querySelector("p").textContent = text;
        await new Promise((done) => setTimeout(done));
      }
    }, places);
  await go(["/account", "Balance-1"]);
  await until(() => shownIn(events(), "h1").length === 2, "a full snapshot at the stricter address");
  // Sooner than the next full snapshot may be: it is due after the page has left.
  await go(["/", "Offers-1"], ["/account?again", "Balance-2"], ["/"]);
  await page.waitForTimeout(1_500);
  await page.evaluate(() => (document.querySelector("h1").textContent = "AFTER"));
  await until(() => JSON.stringify(events()).includes("AFTER"), "what came after");
  assert.equal(shownIn(events(), "h1").length, 2, "one full snapshot for the stricter address, and none since");
  assert.doesNotMatch(JSON.stringify(events()), /Balance/);
});

test("what changed in the same turn before the address did is masked as there, and so is the title", async (t) => {
  const content = "<!doctype html><title>t</title><h1>Jane-Doe-1</h1><p>Goods</p>";
  const options = { privacyConfig: levels(STRICT), pageOptions: { captureDocumentTitle: true } };
  const { page, events } = await record(t, { path: "/account", content, options });
  await page.evaluate(() => {
    document.querySelector("p").textContent = "Balance-1";
    document.title = "Balance-2";
    history.pushState(null, "", "/");
    history.pushState(null, "", "/account?again");
    document.querySelector("h1").textContent = "Balance-3";
    history.pushState(null, "", "/home");
  });
  await page.evaluate(() => (document.querySelector("h1").textContent = "AFTER"));
  await until(() => JSON.stringify(events()).includes("AFTER"), "what is shown at the looser address");
  assert.doesNotMatch(JSON.stringify(events()), /Balance/);
});

test("addresses in messages, traces, stacks and the errors of requests are told by the rules", async (t) => {
  const rules = [{ selector: "https://*shop.example/users/*", replacement: "https://shop.example/users/id" }, { selector: "app://files/*", replacement: "app://files/id" }];
  const options = { loggingConfig: { console: { enabled: true }, errors: { enabled: true }, network: { enabled: true } }, interactionConfig: { ugcFilterRules: rules } };
  const content = "<!doctype html><script>function fail() { console.error(new Error('at app://files/jane.txt.')); console.log(location.href, { at: [location.href] }); }</script><p>x";
  const { page, events, messages } = await record(t, { path: "/users/jane", content, options });
  await page.evaluate(async () => {
    fail();
    Promise.reject(new Error(`no ${location.href}:3:10`)).catch((error) => console.warn(error));
    await fetch("https://user:jane@shop.example/users/jane").catch(() => {});
    history.pushState(null, "", "/end");
    console.log("AFTER");
  });
  await until(() => messages.join().includes("AFTER"), "all is recorded");
  const logged = JSON.stringify(events().filter(({ data }) => data?.plugin === "rrweb/console@1"));
  assert.match(logged, /fail \(https:\/\/shop\.example\/users\/id:1:\d+\)/);
  assert.match(logged, /app:\/\/files\/id\./);
  assert.match(logged, /no https:\/\/shop\.example\/users\/id:3:10/);
  const companions = JSON.stringify(events().filter(({ type }) => type >= 4));
  assert.ok(!companions.includes("jane"), companions.slice(companions.indexOf("jane") - 200).slice(0, 300));
});
