// Views: what a program's windows hold, through each FFI package, as the server receives it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import * as sessionReplay from "session-replay-native";
import { compile } from "../../../tests/support/c-host.mjs";
import { start as run } from "../../../tests/support/children.mjs";
import { SESSION, custom, pageWith } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

const require = createRequire(import.meta.url);
const layout = require("../dist/native/view-layout.js");
const { StructBytes } = require("../dist/native/struct-bytes.js");
const { nodesOf, viewInfoOf } = require("../dist/native/view-values.js");

let viewer, folder;
before(async () => {
  viewer = await startViewer();
  folder = mkdtempSync(join(tmpdir(), "session-replay-views-"));
});
after(async () => {
  await viewer.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => sessionReplay.shutdown(5_000));

const start = (deviceId, more = {}) =>
  sessionReplay.init("key", viewer.options({ deviceId, sessionId: SESSION, ...more })).promise;
const arrivedAt = async (device, session = SESSION) => {
  assert.equal(await sessionReplay.flush(20_000), "ok");
  return viewer.events(device, session);
};

const WINDOW = { id: 7, x: 10, y: 20, width: 300, height: 200, background: "#fedcba", title: "Bestellungen für 日本" };
const rectangle = (n) => ({ x: 10, y: 10 + 20 * n, width: 100, height: 20 });

test("the structs and numbers are those that a C compiler makes of the header", async () => {
  const program = compile(["tests/c/layout.c"], join(folder, "layout"), { libraries: [] });
  const { output } = await run(program, []).ended;
  const printed = new Set(output.trim().split("\n"));
  const has = (line) => assert.ok(printed.has(line), `C has no "${line}":\n${output}`);
  const koffiOffsets = koffiLayouts();
  for (const [struct, members] of [
    ["sr_view_info", layout.VIEW_INFO],
    ["sr_node", layout.NODE],
    ["sr_frame", layout.FRAME],
    ["sr_rect", layout.RECT],
    ["sr_mask", layout.MASK],
    ["sr_request_info", layout.REQUEST],
  ]) {
    const { at, bytes } = layout.placesOf(members);
    const lines = Object.keys(members).map((name) => `${struct}.${name} at ${at[name]}, ${sizeOf(members[name])} bytes`);
    // The rectangle of a mask lies in it, member by member.
    if (struct === "sr_mask") lines.splice(2, 4, `sr_mask.rect at ${at.x}, 16 bytes`);
    lines.forEach(has);
    assert.equal([...printed].filter((line) => line.startsWith(`${struct}.`)).length, lines.length, `all members of ${struct}`);
    if (koffiOffsets) assert.deepEqual(koffiOffsets(members), { at, bytes });
  }
  const named = (prefix, values) =>
    Object.entries(values).forEach(([name, value]) => has(`${prefix}${inCapitals(name)} = ${value}`));
  const { log: _, ...levels } = layout.LOG_LINE_LEVELS;
  named("SR_LOG_", levels);
  named("SR_VIEW_", layout.VIEW_FLAGS);
  named("SR_NODE_", layout.NODE_KINDS);
  named("SR_NODE_FLAG_", { ...layout.NODE_FLAGS, ...layout.ALIGNMENTS });
  named("SR_POINTER_", layout.POINTER_KINDS);
  const pixelFormats = Object.fromEntries(Object.entries(layout.FRAME_FORMATS).filter(([name]) => !name.includes("/")));
  named("SR_PIXELS_", { ...pixelFormats, encoded: layout.ENCODED });
  named("SR_FRAME_", layout.FRAME_FLAGS);
  named("SR_MASK_", layout.MASK_KINDS);
  named("SR_MASK_LEVEL_", layout.MASK_LEVELS);
  const known = [layout.VIEW_FLAGS, layout.NODE_KINDS, layout.NODE_FLAGS, layout.ALIGNMENTS, layout.POINTER_KINDS];
  known.push(pixelFormats, ["encoded"], layout.FRAME_FLAGS, layout.MASK_KINDS, layout.MASK_LEVELS);
  const count = known.reduce((sum, values) => sum + Object.keys(values).length, 0);
  assert.equal([...printed].filter((line) => /^SR_(VIEW|NODE|POINTER|PIXELS|FRAME|MASK)_/.test(line)).length, count, "none is missing here");
});

/** `scroll-area`, `masksKnown` as C writes them. */
const inCapitals = (name) => name.replaceAll("-", "_").replace(/[A-Z]/g, "_$&").toUpperCase();

const sizeOf = (type) => ({ uint32: 4, int32: 4, float: 4 })[type] ?? 8;

/** What koffi makes of the same members. */
function koffiLayouts() {
  if (process.env.SESSION_REPLAY_BACKEND === "ffi-napi") return undefined;
  const koffi = require("koffi");
  const { structOf } = require("../dist/native/koffi.js");
  return (members) => {
    const type = structOf(koffi, members);
    return {
      at: Object.fromEntries(Object.keys(members).map((name) => [name, Number(koffi.offsetof(type, name))])),
      bytes: Number(koffi.sizeof(type)),
    };
  };
}

test("structs as bytes: each value at its place, each text behind them with its end", () => {
  const bytes = new StructBytes({ size: "uint32", id: "uint64", z: "int32", x: "float", first: "text", second: "text" });
  const of = [
    { size: 1, id: 2 ** 40, z: -3, x: 0.5, first: "é", second: null },
    { size: 2, id: 0, z: 4, x: -1, first: "", second: "ab" },
  ];
  const memory = bytes.of(of, () => 1000n);
  const text = (at) => {
    const from = Number(memory.readBigUInt64LE(at)) - 1000;
    return memory.toString("utf8", from, memory.indexOf(0, from));
  };
  for (const [place, { size, id, z, x }] of of.entries()) {
    const at = place * 40;
    assert.deepEqual(
      [memory.readUInt32LE(at), memory.readBigUInt64LE(at + 8), memory.readInt32LE(at + 16), memory.readFloatLE(at + 20)],
      [size, BigInt(id), z, x],
    );
  }
  assert.deepEqual([text(24), memory.readBigUInt64LE(32), text(64), text(72)], ["é", 0n, "", "ab"]);
});

test("a view and a node become C's values, whatever is left out", () => {
  const zero = { flags: 0, parent: 0, z: 0, background: 0, title: null };
  const size = { x: 1, y: 2.5, width: 3, height: 4 };
  for (const [given, wanted] of [
    [{ id: 1 }, { view: 1 }],
    [{ id: 0, parent: undefined, title: null }, { view: 0 }],
    [{ id: 2, parent: 1, z: -5, hidden: true, focused: true, title: "T" }, { view: 2, parent: 1, z: -5, flags: 3, title: "T" }],
    [{ id: 3, background: "#123", title: "a\0b" }, { view: 3, background: 0xff112233, title: "a\ufffdb" }],
    [{ id: 4, background: "#11223344", title: "x".repeat(5_000) }, { view: 4, background: 0x44112233, title: "x".repeat(1_024) }],
    [{ id: 5, background: "#00000000", hidden: false }, { view: 5, background: 1 }],
  ]) {
    assert.deepEqual(viewInfoOf({ ...size, ...given }), { size: 72, ...zero, ...size, ...wanted });
  }
  const node = { size: 72, id: 0, flags: 0, clip: 0, color: 0, background: 0, border: 0, font_size: 0, text: null, image: null };
  for (const [given, wanted] of [
    [{ kind: "text", text: "y".repeat(9_000) }, { kind: 1, text: "y".repeat(4_096) }],
    [{ kind: "scroll-area", id: 9, fontSize: 1.5 }, { kind: 11, id: 9, font_size: 1.5 }],
    [{ kind: "input", align: "right", masked: 1, checked: 0, multiline: true }, { kind: 4, flags: 256 + 1024 + 512 }],
  ]) {
    assert.deepEqual(nodesOf([{ ...size, ...given }]), [{ ...node, ...size, ...wanted }]);
  }
  assert.deepEqual(nodesOf([0, 0].map((clip, i) => ({ kind: "custom", ...size, ...(i && { clip }) }))).map(({ clip }) => clip), [0, 1]);
});

test("what is malformed is refused with a sentence that holds no text of the host's", async () => {
  await start("refused");
  sessionReplay.placeView(WINDOW);
  const node = { kind: "text", ...rectangle(0), text: "secret" };
  for (const [call, message] of [
    [() => sessionReplay.placeView(), /a view must be an object/],
    [() => sessionReplay.placeView({ ...WINDOW, id: "7" }), /"id" must be a whole number.* but is string/],
    [() => sessionReplay.placeView({ ...WINDOW, id: -1 }), /"id" must be a whole number/],
    [() => sessionReplay.placeView({ ...WINDOW, id: 2 ** 53 }), /"id" must be a whole number/],
    [() => sessionReplay.placeView({ ...WINDOW, widht: 3 }), /there is no member "widht"/],
    [() => sessionReplay.placeView({ ...WINDOW, x: undefined }), /"x" must be a number/],
    [() => sessionReplay.placeView({ ...WINDOW, x: NaN }), /impossible rectangle/],
    [() => sessionReplay.placeView({ ...WINDOW, z: 2 ** 31 }), /"z" must be a whole number/],
    [() => sessionReplay.placeView({ ...WINDOW, background: "red" }), /a color like #1a2b3c/],
    [() => sessionReplay.placeView({ ...WINDOW, id: 8, parent: 99 }), /99/],
    [() => sessionReplay.closeView(99), /99/],
    [() => sessionReplay.setViewNodes(7), /a list of nodes/],
    [() => sessionReplay.setViewNodes(7, [node, { ...node, mask: true }]), /node 1: there is no member "mask"/],
    [() => sessionReplay.setViewNodes(7, [{ ...node, kind: "label" }]), /node 0: "kind" must be one of text, .* but is "label"/],
    [() => sessionReplay.setViewNodes(7, [{ ...node, kind: undefined }]), /"kind" must be one of/],
    [() => sessionReplay.setViewNodes(7, [{ ...node, text: 4111111111111111 }]), /"text" must be a text$/],
    [() => sessionReplay.setViewNodes(7, [{ ...node, clip: 0 }]), /"clip" must be the place of an earlier node/],
    [() => sessionReplay.setViewNodes(7, [, node]), /node 0: a node must be an object/],
    [() => sessionReplay.setViewNodes(0, [node]), /desk/],
    [() => sessionReplay.recordInView(99, custom(1)), /99/],
    [() => sessionReplay.viewPointer(7, "press", 1, 2), /one of move, down/],
    [() => sessionReplay.viewPointer(7, "move", "1", 2), /x and y must be numbers/],
    [() => sessionReplay.viewPointer(7, "move", 1, Infinity), /./],
    [() => sessionReplay.viewKey(7, "p"), /./],
    [() => sessionReplay.viewKey(7, 5), /a name like Enter/],
    [() => sessionReplay.viewKey(7, "Enter", "now"), /milliseconds since 1970/],
    [() => sessionReplay.recordCustom("a\0b"), /NUL/],
    [() => sessionReplay.recordCustom("", 1), /./],
  ]) {
    assert.throws(call, (error) => {
      assert.equal(error.status, "invalid-argument", error.stack);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /secret|4111/);
      return true;
    }, String(call));
  }
  for (const [payload, status] of [[1n, "invalid-json"], [() => 1, "invalid-argument"], [Symbol("x"), "invalid-argument"]])
    assert.throws(() => sessionReplay.recordCustom("tag", payload), { status }, String(payload));
  assert.ok(!JSON.stringify(await arrivedAt("refused")).includes("secret"), "a list that was refused is not shown");
});

test("windows, what is in them, the pointer, keys and breadcrumbs arrive, and what is masked does not", async () => {
  await start("windows");
  assert.deepEqual([sessionReplay.isCapturing(), sessionReplay.maskLevel()], [true, "medium"]);
  assert.equal(sessionReplay.placeView(WINDOW), "ok");
  const nodes = [
    { kind: "text", ...rectangle(0), text: "Grüße, 世界 🚚", color: "#f0e1d2", background: "#f1e2d3", border: "#f2e3d4" },
    { kind: "input", ...rectangle(1), text: "typed-by-hand" },
    { kind: "password", ...rectangle(2), text: "correct-horse" },
    { kind: "text", ...rectangle(3), text: "kept-from-all", masked: true },
    { kind: "button", ...rectangle(4), text: "Pay" },
    { kind: "image", ...rectangle(5), image: "data:image/gif;base64,R0lGODlhAQABAAAAACw=" },
  ];
  assert.equal(sessionReplay.setViewNodes(7, nodes), "ok");
  assert.equal(sessionReplay.viewPointer(7, "click", 20, 95), "ok");
  assert.equal(sessionReplay.viewKey(7, "Enter", SESSION + 5), "ok");
  assert.equal(sessionReplay.setViewNodes(8, Array.from({ length: 2_000 }, (_, i) => ({ kind: "item", id: i + 1, ...rectangle(i), text: `row ${i} ${"ü".repeat(200)}` }))), "ok");
  assert.equal(sessionReplay.recordCustom("screen", { name: "Zahlung ✓" }), "ok");
  assert.equal(sessionReplay.recordCustom("nothing"), "ok");
  assert.equal(sessionReplay.placeView({ ...WINDOW, x: 111, hidden: true }), "ok");
  assert.equal(sessionReplay.closeView(8), "ok");
  assert.equal(sessionReplay.closeView(7), "ok");
  const events = await arrivedAt("windows");
  const text = JSON.stringify(events);
  for (const shown of ["fedcba", "f0e1d2", "f1e2d3", "f2e3d4", WINDOW.title, "Grüße, 世界 🚚", "Pay", "data:image/gif", "row 1999 ", "Enter"]) assert.ok(text.includes(shown), shown);
  for (const secret of ["typed-by-hand", "correct-horse", "kept-from-all"]) assert.ok(!text.includes(secret), secret);
  assert.equal(events[1].type, 2, "it begins with the library's own full snapshot");
  const customs = events.filter(({ type, data }) => type === 5 && ["screen", "nothing"].includes(data.tag));
  assert.deepEqual(customs.map(({ data }) => data), [{ tag: "screen", payload: { name: "Zahlung ✓" } }, { tag: "nothing", payload: null }]);
  assert.ok(events.some(({ data }) => data.source === 2 && data.type === 2), "the click");
  assert.equal(events.filter(({ data }) => data.source === 0 && data.removes.length > 0).length >= 2, true, "both are closed");
});

test("pages in views: each is asked for its own full snapshot, and again in the next session", async () => {
  await start("pages");
  const asked = [];
  const onAsked = (view) => asked.push(view);
  sessionReplay.on("needs-full-snapshot", onAsked);
  try {
    const turn = () => new Promise(setImmediate);
    const lines = (name) => pageWith([{ type: 3, textContent: name, id: 5 }]).map((event) => JSON.stringify(event)).join("\n");
    for (const id of [1, 2]) sessionReplay.placeView({ ...WINDOW, id, title: undefined });
    sessionReplay.placeView({ ...WINDOW, id: 3, parent: 2 });
    assert.equal(sessionReplay.recordInView(1, custom("before")), 1, "an object");
    assert.equal(sessionReplay.recordInView(2, Buffer.from(`${JSON.stringify(custom("b"))}\n\n${JSON.stringify(custom("c"))}`)), 2, "bytes");
    await turn();
    assert.deepEqual(asked.splice(0), [1, 2]);
    assert.equal(sessionReplay.recordInView(1, lines("page one")), 2);
    assert.equal(sessionReplay.recordInView(3, lines("page three")), 2);
    await turn();
    sessionReplay.recordInView(2, custom("still none"));
    await turn();
    assert.deepEqual(asked, [], "it was asked already");
    sessionReplay.recordInView(2, lines("page two"));
    await arrivedAt("pages");

    sessionReplay.setSessionId(SESSION + 1);
    await turn();
    assert.deepEqual(asked.splice(0), [1, 2, 3], "each page, also one that was never asked for before");
    sessionReplay.closeView(2);
    sessionReplay.recordInView(1, lines("page one again"));
    await turn();
    sessionReplay.setSessionId(SESSION + 2);
    await turn();
    assert.deepEqual(asked, [1], "a page of a view that is closed, with its parent too, is not asked for");
    const first = JSON.stringify(await arrivedAt("pages", SESSION));
    for (const name of ["page one", "page two", "page three"]) assert.ok(first.includes(name), name);
    assert.ok(JSON.stringify(await arrivedAt("pages", SESSION + 1)).includes("page one again"));
    assert.throws(
      () => sessionReplay.recordInView(1, `${JSON.stringify(custom(1))}\nno event\n${JSON.stringify(custom(2))}`),
      { status: "invalid-json", accepted: 1 },
    );
  } finally {
    sessionReplay.off("needs-full-snapshot", onAsked);
  }
});

test("before init, after shutdown and while nothing is captured, views do nothing and say so", async () => {
  const calls = () => [
    sessionReplay.placeView(WINDOW),
    sessionReplay.setViewNodes(7, []),
    sessionReplay.viewPointer(7, "move", 1, 1),
    sessionReplay.viewKey(7, "Tab"),
    sessionReplay.recordCustom("tag"),
    sessionReplay.recordInView(7, custom(1)),
    sessionReplay.closeView(7),
  ];
  const nothing = [...Array(5).fill("not-captured"), 0, "not-captured"];
  assert.deepEqual([...calls(), sessionReplay.isCapturing(), sessionReplay.maskLevel()], [...nothing, false, "conservative"]);
  await start("not-sampled", { sampleRate: 0 });
  assert.deepEqual([...calls(), sessionReplay.isCapturing(), sessionReplay.maskLevel()], [...nothing, false, "conservative"]);
});

test("the level of masking is the one in force", async () => {
  for (const defaultMaskLevel of ["light", "medium", "conservative"]) {
    await start(`level-${defaultMaskLevel}`, { privacyConfig: { defaultMaskLevel } });
    assert.equal(sessionReplay.maskLevel(), defaultMaskLevel);
  }
});
