// Each kind of widget in each of its forms, in several styles: what a replay shows is what the screen did.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../support/children.mjs";
import { buildWithCMake, hasPackages } from "../support/cmake.mjs";
import { startDesk } from "../support/desk.mjs";
import { SESSION } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { keepPicture, rmse } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";

const versions = [6, 5].filter((version) => hasPackages(`Qt${version}Widgets`, `Qt${version}Test`));
let desk;

before(async () => {
  desk = await startDesk();
});

after(() => desk?.stop());

const programs = (version) => buildWithCMake("tests/qt", `qt${version}`, ["-DSR_SANITIZE=OFF", `-DSESSION_REPLAY_QT=Qt${version}`]);

/** Records the gallery on a screen with this scale; answers with its moments and events. */
async function record(version, name, scale) {
  const session = SESSION + version * 100 + scale * 10;
  const here = join(desk.folder, name);
  mkdirSync(here);
  const env = desk.environment({ QT_QPA_PLATFORM: "xcb", QT_QPA_PLATFORMTHEME: "", QT_SCALE_FACTOR: String(scale) });
  const { status, output } = await run(join(await programs(version), "gallery"), [desk.viewer.url, String(session), here, ...(scale === 1 ? [] : ["controls"])], { env });
  assert.equal(status, 0, output);
  const moments = JSON.parse(readFileSync(join(here, "moments.json"), "utf8"));
  return { here, moments, events: await desk.viewer.events("qt-gallery", session) };
}

/** Runs in the page: each node, as it looks. */
const look = (body) =>
  [...body.querySelectorAll("[data-content=nodes] > .c > *")].map((node) => {
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    const field = node.querySelector("input");
    return {
      text: node.alt || node.value || node.textContent,
      tag: node.localName,
      classes: [...node.classList],
      color: style.color,
      background: style.backgroundColor,
      place: [box.left, box.top, box.width, box.height],
      isCut: node.localName === "input" && node.scrollWidth > node.clientWidth,
      isChecked: field?.checked,
      fieldAt: field?.getBoundingClientRect().left,
      image: node.getAttribute("src")?.slice(0, 22),
    };
  });

/** The only node that says this. */
function only(nodes, text) {
  const found = nodes.filter((node) => node.text === text);
  assert.equal(found.length, 1, `"${text}" is there ${found.length} times`);
  return found[0];
}

/** The ring of the focus is around what is in a widget, and not around all of it. */
function isAround(nodes, text) {
  const rings = nodes.filter((node) => has(node, "f"));
  assert.equal(rings.length, 1);
  const [left, , width] = rings[0].place;
  const [from] = only(nodes, text).place;
  assert.ok(left >= from && width > 40 && width < 150, `a ring at ${rings[0].place}`);
}

const has = (node, name) => node.classes.includes(name);
const right = ({ place: [left, , width] }) => left + width;

/** What each moment has to show, beside looking alike. */
const CHECKS = {
  controls(nodes) {
    assert.ok(has(only(nodes, "Some of them"), "partial"), "a partly checked box");
    assert.deepEqual(["Some of them", "All of them", "None of them", "This one", "Only when checked"].map((text) => only(nodes, text).isChecked), [false, true, false, true, true]);
    for (const value of ["EUR 12345.75", "654321", "2026-03-09 12:30", "A folder", "Typed in", "At the right"]) assert.ok(!only(nodes, value).isCut, `"${value}" is cut`);
    assert.ok(has(only(nodes, "Bold words"), "bold") && has(only(nodes, "slanted ones"), "italic"));
    assert.equal(only(nodes, "red").color, "rgb(192, 32, 32)");
    assert.deepEqual(["40%", "60%"].map((text) => only(nodes, text).color), ["rgb(0, 0, 0)", "rgb(255, 255, 255)"], "on what is filled");
    assert.notEqual(only(nodes, "a link").color, only(nodes, "Inside").color);
  },
  "mirrored-controls"(nodes) {
    const box = only(nodes, "All of them");
    assert.ok(box.fieldAt > right(box) - 20, "the box is at the right of its text");
    const choice = only(nodes, "A folder");
    assert.ok(has(choice, "right"), "what was chosen stands at the right");
    assert.equal(nodes.filter(({ text, place }) => text === "▾" && place[0] < choice.place[0]).length >= 3, true, "arrows are at the left");
  },
  items(nodes) {
    assert.equal(nodes.filter((node) => has(node, "partial")).length, 2, "partly checked items");
    assert.ok(!nodes.some(({ text }) => ["1.2", "2.1", "2.2"].includes(text)), "cells below a span are not seen");
    assert.deepEqual(only(nodes, "Over four cells").place.slice(2).map((side) => side > 59), [true, true]);
    for (const text of ["File 0", "File 4", "In a cell", "30%", "Checked", "12"]) assert.ok(nodes.some((node) => node.text === text), text);
    assert.ok(has(only(nodes, "Panels"), "bold"));
    assert.match(nodes.find(({ text, color }) => text === "12" && color === "rgb(192, 32, 32)")?.tag, /^[it]$/, "a cell's own color");
  },
  "mirrored-items"(nodes) {
    assert.ok(only(nodes, "One").place[0] > only(nodes, "Four").place[0], "the first column is at the right");
    assert.ok(only(nodes, "Screws").place[0] < nodes.find(({ text }) => text === "◂").place[0], "what opens a row is at its right");
  },
  texts(nodes) {
    assert.ok(has(only(nodes, "bold"), "bold") && has(only(nodes, "slanted"), "italic") && has(only(nodes, "fixed"), "mono"));
    assert.equal(only(nodes, "marked").background, "rgb(255, 224, 160)");
    assert.equal(only(nodes, "red").color, "rgb(192, 32, 32)");
    assert.equal(only(nodes, "1.").classes.includes("right"), true, "a numbered list");
    assert.equal(nodes.filter(({ image }) => image === "data:image/png;base64,").length, 1, "the image in the text");
    assert.ok(only(nodes, "Cell A").place[0] < only(nodes, "Cell B").place[0] && only(nodes, "Cell A").place[1] === only(nodes, "Cell B").place[1], "cells beside each other");
    const first = nodes.find(({ text }) => text.startsWith("line 20 of"));
    assert.ok(first && !nodes.some(({ text, tag }) => tag === "textarea" && text.startsWith("line 19 of")), "a field is scrolled");
    assert.ok(only(nodes, "Typed, bold and slanted.").tag === "textarea", "what can be edited is a field");
  },
  containers(nodes) {
    const [letters, invoices, drafts] = ["Letters", "Invoices", "Drafts"].map((text) => only(nodes, text));
    assert.ok(letters.color === drafts.color && invoices.color !== drafts.color, "the title of the window in front is marked");
    assert.ok(nodes.indexOf(drafts) < nodes.indexOf(invoices), "it lies on top");
    for (const text of ["Docked", "Floating", "In a dock that floats", "First page", "Second page", "On the first page"]) only(nodes, text);
  },
  tabs(nodes) {
    for (const text of ["First 2", "Second 2", "First 3", "Second 3"]) assert.equal(only(nodes, text).tag, "img", `"${text}" stands upright`);
    for (const text of ["First 0", "Second 0", "First 1", "Second 1"]) assert.match(only(nodes, text).tag, /^[it]$/);
    assert.ok(only(nodes, "31").place && nodes.some(({ text }) => text === "March"), "a calendar");
  },
  "sheet-controls"(nodes) {
    const back = ({ background }) => background.match(/\d+/g).map(Number);
    const [red, green, blue] = back(only(nodes, "Pressed in"));
    assert.ok(red < 0x60 && green < 0x40 && blue < 0x30, `a gradient's color: ${[red, green, blue]}`);
    assert.ok(nodes.some(({ background }) => background === "rgb(176, 134, 79)"), "a progress bar has the sheet's color");
  },
  "focused-check": (nodes) => isAround(nodes, "A check"),
  "focused-choice": (nodes) => isAround(nodes, "A choice"),
  menu(nodes) {
    for (const text of ["Ctrl+O", "Ctrl+Shift+K", "A section", "With a key", "●"]) only(nodes, text);
    assert.equal(nodes.filter(({ isChecked }) => isChecked).length, 1, "one item has a check");
    assert.ok(has(only(nodes, "Save as it is"), "bold") && has(only(nodes, "Not now"), "d"));
  },
};

/** How far a replay may be from the screen; by default 0.1. Windows of other styles have edges that nodes have not. */
const FAR = { "windows-controls": 0.15, "sheet-controls": 0.13, "mirrored-controls": 0.12, menu: 0.12 };

for (const version of [6, 5]) {
  const skip = !versions.includes(version) && `Qt ${version} is not installed`;

  for (const scale of [1, 1.5, 2]) {
    test(`Qt ${version}, at a scale of ${scale}: widgets look as they did`, { timeout: 900_000, skip }, async (context) => {
      const { here, moments, events } = await record(version, `gallery-${version}-${scale}`, scale);
      for (const [moment, { place }] of Object.entries(moments)) {
        const name = `gallery-${version}-${scale}-${moment}`;
        const { windows, picture, page, close } = await replayedAt(desk, name, events, isMoment(moment));
        const screenshot = readFileSync(join(here, `${moment}.png`));
        keepPicture(`${name}-replay`, picture);
        keepPicture(`${name}-app`, screenshot);
        if (scale === 1) {
          const apart = await rmse(page, [screenshot, picture], place);
          context.diagnostic(`${name}: RMSE ${apart.toFixed(3)}`);
          // Qt 5 has larger letters, which stand one pixel lower than those of the player: a window full of text is the furthest.
          assert.ok(apart < (FAR[moment] ?? 0.1) + (version === 5 ? 0.06 : 0), `${moment}: ${apart}`);
          // Windows in a window, and widgets in cells, do lie on each other.
          if (!/items|containers/.test(moment)) assert.deepEqual(windows.filter(({ isShown }) => isShown).flatMap(({ covered }) => covered), [], `${moment}: texts that something covers`);
        }
        const nodes = await page.frameLocator(".replayer-wrapper iframe").locator("body").evaluate(look);
        CHECKS[moment]?.(nodes);
        await close();
      }
    });
  }
}
