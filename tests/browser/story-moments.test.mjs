// A session's events are read as a story: what a person did, to what, and what went wrong. Events may say anything.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bundle } from "../support/bundle.mjs";
import { SESSION, element, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { read } from "../support/recordings.mjs";

const code = await bundle('export * from "./moments"; export { span } from "./moment"; export * from "./steps"; export * from "../api/event-text";', join(project, "viewer/web/src/story"), { loader: "ts" });
const { FirstElement, Story, span, stepFrom } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);

const text = (textContent, id) => ({ type: 3, textContent, id });
const named = (tagName, id, words, attributes = {}) => element(tagName, id, words ? [text(words, id + 1)] : [], { attributes });
const at = (ms, type, data) => ({ type, timestamp: SESSION + ms, data });
const change = (ms, data) => at(ms, 3, { source: 0, adds: [], removes: [], texts: [], attributes: [], ...data });
const mouse = (ms, type, id, x = 10, y = 10) => at(ms, 3, { source: 2, type, id, x, y });
const click = (ms, id, x, y) => mouse(ms, 2, id, x, y);
const input = (ms, id, words, more = {}) => at(ms, 3, { source: 5, id, text: words, isChecked: false, ...more });
const scroll = (ms, id, y) => at(ms, 3, { source: 3, id, x: 0, y });
const custom = (ms, tag, payload) => at(ms, 5, { tag, payload });
const line = (ms, level, ...said) => at(ms, 6, { plugin: "rrweb/console@1", payload: { level, trace: ["app.js:1:2"], payload: said.map((each) => JSON.stringify(each)) } });
const request = (ms, payload) => custom(ms, "fetch-request", { method: "GET", url: "https://x/orders", duration: 20, ...payload });
const move = (ms) => at(ms, 3, { source: 1, positions: [{ x: 1, y: 1, id: 1, timeOffset: 0 }] });
const address = (ms, href, title) => at(ms, 6, { plugin: "amplitude/url-tracking@1", payload: { href, title } });

const BODY = [
  named("button", 10, "Save"),
  element("button", 12, [element("svg", 13)], { attributes: { "aria-label": "Close" } }),
  element("label", 14, [text("Email", 15), element("input", 16)]),
  named("label", 17, "Country", { for: "land" }),
  element("select", 19, [named("option", 20, "Norway", { value: "no" })], { attributes: { id: "land" } }),
  element("input", 22, [], { attributes: { type: "checkbox", "aria-label": "I agree" } }),
  element("input", 23, [], { attributes: { placeholder: "Search", type: "search" } }),
  element("div", 24),
  named("a", 25, "Help", { href: "#help" }),
  named("p", 27, "Some words"),
  element("input", 29, [], { attributes: { type: "radio", "aria-label": "By post" } }),
  element("div", 30, [named("p", 31, "a".repeat(200)), named("p", 33, "more")]),
  named("a", 35, "Elsewhere", { href: "x", target: "_blank" }),
  named("div", 37, "what was typed", { role: "textbox", "aria-label": "Notes" }),
];
const PAGE = pageWith(BODY);
/** Something changes: no click before it is dead. */
const answer = (ms) => change(ms, { texts: [{ id: 28, value: "Other words" }] });

const told = (events) => {
  const story = new Story();
  story.update(events);
  return story.moments.map(({ kind, text, detail }) => [kind, text, detail]);
};
const OPENED = ["page", "Opened page", "http://page/"];

const TABLE = [
  ["a page", [], []],
  ["a click on a button", [click(100, 10), answer(200)], [["click", 'Click on "Save"', ""]]],
  ["on the text in it", [click(100, 11), answer(200)], [["click", 'Click on "Save"', ""]]],
  ["on the icon in it", [click(100, 13), answer(200)], [["click", 'Click on "Close"', ""]]],
  ["on what has no name", [click(100, 24), answer(200)], [["click", "Click on <div>", ""]]],
  ["on what has too much text for a name", [click(100, 30), answer(200)], [["click", "Click on <div>", ""]]],
  ["on the page", [click(100, 4), answer(200)], [["click", "Click on the page", ""]]],
  ["on a node that nobody knows", [click(100, 777, 31, 41), answer(200)], [["click", "Click on 31, 41", ""]]],
  ["two clicks", [click(100, 10), answer(150), click(2_000, 10), answer(2_100)], [["click", 'Click on "Save"', ""], ["click", 'Click on "Save"', ""]]],
  ["two at once", [click(100, 10), click(600, 10), answer(700)], [["click", '2 clicks on "Save"', ""]]],
  ["a double click", [click(100, 10), click(200, 10), mouse(200, 4, 10), answer(300)], [["click", 'Double click on "Save"', ""]]],
  ["a double click that comes alone", [mouse(200, 4, 10), answer(300)], [["click", 'Double click on "Save"', ""]]],
  ["a right click", [mouse(200, 3, 10)], [["click", 'Right click on "Save"', ""]]],
  ["a tap", [mouse(100, 7, 10), mouse(200, 9, 10), answer(300)], [["click", 'Tap on "Save"', ""]]],
  ["a tap with a browser's click", [mouse(100, 7, 10), mouse(200, 9, 10), click(210, 10), answer(300)], [["click", 'Tap on "Save"', ""]]],
  ["a swipe", [mouse(100, 7, 10), mouse(200, 9, 10, 300, 10)], []],
  ["rage: three within a second", [click(100, 10), click(400, 10), click(700, 10), answer(800)], [["frustration", 'Rage click: 3 clicks on "Save"', ""]]],
  ["and more", [100, 400, 700, 1_600].map((ms) => click(ms, 10)).concat(answer(1_700)), [["frustration", 'Rage click: 4 clicks on "Save"', ""]]],
  ["no rage: too slow", [100, 800, 1_500].map((ms) => click(ms, 10)).concat(answer(1_600)), [["click", '3 clicks on "Save"', ""]]],
  ["no rage: too far apart", [click(100, 10, 10, 10), click(300, 25, 50, 10), click(500, 10, 90, 10), answer(600)], [["click", 'Click on "Save"', ""], ["click", 'Click on "Help"', ""], ["click", 'Click on "Save"', ""]]],
  ["a dead click", [click(100, 10), move(4_000)], [["frustration", 'Dead click on "Save"', "nothing changed for 3 s"]]],
  ["rage that leads to nothing", [click(100, 10), click(400, 10), click(700, 10), move(9_000)], [["frustration", 'Rage click: 3 clicks on "Save"', "nothing changed for 3 s"]]],
  ["not dead: it ends before one can tell", [click(100, 10), move(2_000)], [["click", 'Click on "Save"', ""]]],
  ["not dead: another page loads", [click(100, 25), at(6_000, 4, { href: "http://page/help", width: 8, height: 6 })], [["click", 'Click on "Help"', ""], ["page", "Opened page/help", "http://page/help"]]],
  ["not dead: it answered when the button went down", [mouse(50, 1, 10), answer(60), click(100, 10), move(9_000)], [["click", 'Click on "Save"', ""]]],
  ["not dead: a field", [click(100, 23), move(9_000)], [["click", 'Click on "Search"', ""]]],
  ["not dead: what types as a field", [click(100, 37), move(9_000)], [["click", 'Click on "Notes"', ""]]],
  ["not dead: the bare page", [click(100, 4), move(9_000)], [["click", "Click on the page", ""]]],
  ["not dead: a link that opens elsewhere", [click(100, 35), move(9_000)], [["click", 'Click on "Elsewhere"', ""]]],
  ["not dead: text is selected", [click(100, 27), at(110, 3, { source: 14, ranges: [{}] }), move(9_000)], [["click", 'Click on "Some words"', ""]]],
  ["typing", [input(100, 16, "a"), input(200, 16, "ab"), input(300, 16, "abc")], [["input", 'Typed in "Email"', "abc"]]],
  ["masked", [input(100, 16, "*"), input(200, 16, "**")], [["input", 'Typed in "Email"', "**"]]],
  ["two fields", [input(100, 16, "a"), input(200, 23, "b"), input(300, 16, "")], [["input", 'Typed in "Email"', "a"], ["input", 'Typed in "Search"', "b"], ["input", 'Cleared "Email"', ""]]],
  ["what a script typed", [input(100, 16, "a", { userTriggered: false })], []],
  ["a checkbox", [input(100, 22, "on", { isChecked: true }), input(900, 22, "on")], [["input", 'Checked "I agree"', ""], ["input", 'Unchecked "I agree"', ""]]],
  ["an option", [input(100, 29, "post", { isChecked: true }), input(9_000, 29, "post")], [["input", 'Chose "By post"', ""]]],
  ["a list", [input(100, 19, "no"), input(200, 19, "se")], [["input", 'Chose "Norway" in "Country"', ""], ["input", 'Chose "se" in "Country"', ""]]],
  ["the focus", [mouse(100, 5, 16)], [["focus", 'Focus on "Email"', ""]]],
  ["that a click brings", [mouse(100, 1, 16), mouse(105, 5, 16), click(150, 16), answer(200)], [["click", 'Click on "Email"', ""]]],
  ["a key", [custom(100, "key", { key: "Ctrl+s", view: 9 })], [["key", "Pressed Ctrl+s", ""]]],
  ["scrolling", [scroll(100, 1, 10), scroll(200, 1, 20), scroll(300, 24, 5)], [["scroll", "Scrolled", "to 20 px"], ["scroll", "Scrolled in <div>", "to 5 px"]]],
  ["resizing", [at(100, 3, { source: 4, width: 9, height: 8 }), at(200, 3, { source: 4, width: 7, height: 6 })], [["size", "Resized to 7 × 6", ""]]],
  ["an error", [line(100, "error", "TypeError: x is not a function")], [["error", "TypeError: x is not a function", "app.js:1:2"]]],
  ["many times", [line(100, "error", "no"), line(110, "error", "no"), line(120, "error", "no"), line(130, "error", "yes")], [["error", "no (3 times)", "app.js:1:2"], ["error", "yes", "app.js:1:2"]]],
  ["a warning", [line(100, "warn", "half", { left: 1 }), line(200, "info", "nothing")], [["warning", 'half {"left":1}', "app.js:1:2"]]],
  ["requests", [request(100, { status: 200 }), request(200, { status: 404 }), request(300, { status: 503 })], [["request", "GET x/orders failed: 404", "after 0.0 s · https://x/orders"], ["request", "GET x/orders failed: 503", "after 0.0 s · https://x/orders"]]],
  ["a request without an answer", [request(100, { status: 0 }), request(200, { error: { name: "TypeError", message: "Failed to fetch" } })], [["request", "GET x/orders failed", "after 0.0 s · https://x/orders"], ["request", "GET x/orders failed", "TypeError: Failed to fetch · after 0.0 s · https://x/orders"]]],
  ["custom", [custom(100, "checkout", { step: 2 }), custom(200, "note", "hello"), custom(300, "empty", null)], [["custom", "checkout", '{"step":2}'], ["custom", "note", "hello"], ["custom", "empty", ""]]],
  ["the death of the app", [custom(100, "session-replay-trigger", { reason: "process-died", crash: { code: 11 } })], [["error", "The app died", '{"code":11}']]],
  ["why it was captured", [custom(100, "session-replay-trigger", { reason: "not saved", heldMs: 5 })], [["custom", "Captured: not saved", ""]]],
  ["an error that nobody caught", [custom(100, "session-replay-unhandled-error", {})], [["error", "Uncaught error", "{}"]]],
  ["another address", [address(100, "http://page/", "Shop"), address(200, "http://page/cart", "Cart")], [["page", "Went to page/cart", "Cart · http://page/cart"]]],
  ["a snapshot now and then", [at(100, 4, { href: "http://page/", width: 8, height: 6 }), at(101, 2, PAGE[1].data)], []],
  ["idle", [click(100, 4), answer(200), click(10_800_200, 4)], [["click", "Click on the page", ""], ["idle", "3 h idle", "nothing was recorded"], ["click", "Click on the page", ""]]],
  ["idle while something changes", [move(100), ...Array.from({ length: 9 }, (_, n) => answer(10_000 * (n + 1))), line(95_000, "error", "no"), move(100_100)], [["idle", "1 min 40 s idle", "things changed, and nobody did anything"], ["error", "no", "app.js:1:2"]]],
  ["idle once, although nobody did anything before or after", [answer(100), answer(100_100), move(130_000)], [["idle", "1 min 40 s idle", "nothing was recorded"]]],
  ["the recorder was away", [move(100), at(3_600_100, 4, { href: "http://page/", width: 8, height: 6 })], [["away", "Recorder away for 1 h", "it began anew afterwards"]]],
  ["a node that moved into a button", [change(100, { removes: [{ id: 28, parentId: 27 }], adds: [{ parentId: 24, nextId: null, node: named("button", 90, "Go") }] }), click(200, 91), answer(300)], [["click", 'Click on "Go"', ""]]],
  ["siblings that come in reverse", [change(100, { adds: [{ parentId: 90, nextId: 92, node: text("to ", 91) }, { parentId: 90, nextId: null, node: text("cart", 92) }, { parentId: 24, nextId: null, node: named("button", 90) }] }), click(200, 90), answer(300)], [["click", 'Click on "to cart"', ""]]],
  ["a name that changed", [change(100, { attributes: [{ id: 12, attributes: { "aria-label": "Open" } }] }), click(200, 12), answer(300)], [["click", 'Click on "Open"', ""]]],
];

for (const [name, events, expected] of TABLE) {
  test(`${name}`, () => assert.deepEqual(told([...PAGE, ...events]), [OPENED, ...expected]));
}

test("the page's title is told with its address", () => {
  const head = element("head", 3, [named("title", 50, "Shop")]);
  const events = pageWith([], () => ({ type: 0, id: 1, childNodes: [element("html", 2, [head, element("body", 4)])] }));
  assert.deepEqual(told(events), [["page", "Opened page", "Shop · http://page/"]]);
});

test("a full snapshot that comes late is told", () => {
  assert.deepEqual(told([move(0), answer(1), at(5_000, 4, PAGE[0].data), at(5_000, 2, PAGE[1].data)]), [
    OPENED,
    ["recorder", "The full snapshot came 5 s late", "2 events before it can't be drawn"],
  ]);
});

test("windows of a native program open, hide and close, and clicks are in them", () => {
  const scene = (name) => readFileSync(join(project, `tests/fixtures/scenes/${name}.jsonl`), "utf8").split("\n").filter(Boolean).map((each) => JSON.parse(each));
  const nodes = told(scene("nodes"));
  assert.deepEqual(nodes.filter(([kind]) => kind === "view").map(([, said]) => said), ['Window "First" opened', 'Window "Second" opened', 'Window "First" hidden']);
  const app = told(scene("native-app"));
  const has = (kind, said, detail) => assert.ok(app.some((moment) => moment[0] === kind && moment[1] === said && moment[2] === detail), `${said}: ${JSON.stringify(app, null, 1)}`);
  has("click", 'Click on "Paid only"', "in Orders");
  has("input", 'Checked "Paid only"', "in Orders");
  // Its name is the text beside it.
  has("input", 'Typed in "Search"', "****** * · in Orders");
  has("input", 'Typed in "Password"', "******** · in Sign in");
  has("input", 'Typed in "Search help"', "refunds · in Help");
  has("click", 'Click on "Sign in"', "in Sign in");
  has("key", "Pressed Enter", "in Sign in");
  has("custom", "screen", '{"name":"orders"}');
});

test("nodes of a native program are told by their elements as by the classes that they had before", () => {
  const KINDS = { text: "t", image: "g", button: "p", check: "k", radio: "k", list: "l", menu: "m", item: "i", scroll: "r", custom: "x" };
  let drawn = 0;
  const draw = (value) => {
    if (typeof value !== "object" || value === null) return;
    const [first, kind = "text", ...flags] = String(value.attributes?.class ?? "").split(" ");
    if (value.tagName === "div" && first === "n") {
      drawn++;
      Object.assign(value, { tagName: KINDS[kind] ?? "t", attributes: { ...value.attributes, class: (kind in KINDS ? flags : [kind, ...flags]).join(" ") } });
    }
    Object.values(value).forEach(draw);
  };
  const events = readFileSync(join(project, "tests/fixtures/scenes/native-app.jsonl"), "utf8").split("\n").filter(Boolean).map((each) => JSON.parse(each));
  const before = told(events);
  events.forEach(draw);
  assert.ok(drawn > 20, `${drawn} nodes`);
  assert.deepEqual(told(events), before);
});

test("a story that grows is the one that is read at once", () => {
  const events = [...PAGE, ...TABLE.flatMap(([, more], index) => more.map((event) => ({ ...event, timestamp: event.timestamp + 20_000_000 * index })))];
  const story = new Story();
  for (let end = 1; end <= events.length; end++) story.update(events.slice(0, end));
  assert.deepEqual(story.moments.map(({ kind, text, detail }) => [kind, text, detail]), told(events));
  assert.ok(story.moments.length > TABLE.length);
  // One that came late is put where it belongs.
  story.update([...events.slice(0, 2), click(50, 10), answer(60), ...events.slice(2)]);
  assert.equal(story.moments[1].text, 'Click on "Save"');
});

test("events may say anything", () => {
  const values = [undefined, null, 0, -1, 1e300, Number.NaN, "", "x", [], [null, {}], {}, { id: {}, style: 5, node: { childNodes: 7 } }, true];
  const keys = ["source", "type", "id", "x", "y", "text", "href", "node", "adds", "removes", "texts", "attributes", "tag", "payload", "plugin", "width", "positions", "ranges"];
  const odd = [];
  for (let type = 0; type <= 7; type++) for (const key of keys) for (const value of values) odd.push(at(odd.length, type, { [key]: value }));
  for (let source = 0; source <= 17; source++) for (const key of keys) for (const value of values) odd.push(at(odd.length, 3, { [key]: value, source }));
  for (const plugin of ["rrweb/console@1", "amplitude/url-tracking@1"]) for (const payload of values) odd.push(at(odd.length, 6, { plugin, payload }));
  for (const tag of ["fetch-request", "key", "session-replay-trigger", "session-replay-recorder"]) for (const payload of values) odd.push(custom(odd.length, tag, payload));
  for (const timestamp of values) odd.push({ ...click(0, 10), timestamp });
  const view = (id, style) => element("div", id, [], { attributes: { "data-view": id, "data-content": {}, style, class: 5 } });
  odd.push(change(1, { adds: [{ parentId: 4, nextId: 9, node: view(4) }, { parentId: 4, node: view(4, {}) }, { parentId: {}, node: { id: "x", childNodes: [{}] } }] }));
  // A node in itself.
  odd.push(change(1, { adds: [{ parentId: 4, nextId: null, node: element("p", 5) }, { parentId: 5, nextId: null, node: element("p", 4) }] }), click(2, 5), click(3, 4));
  const story = new Story();
  story.update([...PAGE, ...odd, ...PAGE]);
  assert.ok(story.moments.length > 0);
  for (const { time, end, text, detail } of story.moments) assert.deepEqual([time, end, text, detail].map((each) => typeof each).join(), "number,number,string,string");
  assert.ok(story.moments.every(({ time, end }) => Number.isFinite(time) && Number.isFinite(end)));
});

test("a tree as deep as it may be, and two hundred thousand events, are read", (context) => {
  let deep = element("p", 100_000);
  for (let id = 99_999; id > 50; id--) deep = element("div", id, [deep]);
  const started = performance.now();
  const many = Array.from({ length: 200_000 }, (_, n) => (n % 4 === 0 ? click(10 * n, 10, (50 * n) % 900, 10) : n % 4 === 1 ? move(10 * n) : n % 4 === 2 ? answer(10 * n) : input(10 * n, 16, `${n}`)));
  const story = new Story();
  story.update([...pageWith([...BODY, deep]), ...many]);
  assert.ok(story.moments.length > 50_000);
  context.diagnostic(`200,000 events: ${Math.round(performance.now() - started)} ms`);
});

test("real recordings are told without an unknown node", () => {
  for (const name of ["form-unicode", "live-table", "rich-text", "big-document"]) {
    const moments = told(read(name));
    assert.ok(moments.length > 3, name);
    assert.deepEqual(moments.filter(([, said]) => /on \d+, \d+$|undefined|NaN/.test(said)), [], name);
      }
});

test("lengths of time are short", () => {
  const table = [[59_400, "59 s"], [60_000, "1 min"], [250_000, "4 min 10 s"], [10_800_000, "3 h"], [11_520_000, "3 h 12 min"], [90_000_000, "1 day 1 h"], [259_200_000, "3 days"]];
  for (const [ms, expected] of table) assert.equal(span(ms), expected);
});

test("a step leads to the next moment, also where the replay has not arrived yet or goes on", () => {
  const moments = [0, 1_000, 1_000, 9_000].map((time) => ({ time }));
  const table = [
    ["the next one", [500, null, 1], 1],
    ["the one before, within its grace", [1_200, null, -1], 1],
    ["the current one, later", [4_000, null, -1], 2],
    ["of several at one time each is a step", [1_000, { to: 1, isUnderWay: false }, 1], 2],
    ["the replay is not there yet", [0, { to: 2, isUnderWay: true }, 1], 3],
    ["it has gone elsewhere since", [0, { to: 2, isUnderWay: false }, 1], 1],
    ["no further than the last", [99_000, null, 1], 3],
    ["no further than the first", [0, null, -1], 0],
  ];
  for (const [name, [now, last, by], expected] of table) assert.equal(stepFrom(moments, now, last, by), expected, name);
});

test("the first element of an array is found, however its text is cut", () => {
  const table = [
    ['[{"a":[1,{"b":"]}"}]},{"c":1}]', '{"a":[1,{"b":"]}"}]}'],
    ['[{"a":"\\"}\\\\"}]', '{"a":"\\"}\\\\"}'],
    [' [ {"ä":"😀"} ]', '{"ä":"😀"}'],
    ["[]", null],
    ['[{"cut":', null],
  ];
  for (const [text, expected] of table) {
    for (const size of [1, 2, 3, 100]) {
      const scan = new FirstElement();
      const found = (text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? []).map((piece) => scan.add(piece)).find((each) => each !== null);
      assert.equal(found ?? null, expected, `${text} by ${size}`);
    }
  }
});
