// Scenes of each kind, recorded through the C ABI, play in the viewer and in a stock rrweb-player as they looked at each moment;
// what was recorded once, and is kept in tests/fixtures/scenes, still does.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compile } from "../support/c-host.mjs";
import { command } from "../support/children.mjs";
import { launch } from "../support/chromium.mjs";
import { SESSION } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { colorsAt, keepPicture, rmse } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";
import { stockPicture } from "../support/stock-player.mjs";
import { startViewer } from "../support/viewer.mjs";

/** `SR_WRITE=1 npm test` makes them anew; `SR_PICTURES=folder npm test` keeps what the players show. */
const fixture = (kind) => join(project, `tests/fixtures/scenes/${kind}.jsonl`);
let viewer, browser, folder, program;

before(async () => {
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
  folder = mkdtempSync(join(tmpdir(), "session-replay-scenes-"));
  program = compile(["tests/c/scenes.c"], join(folder, "scenes"));
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

const read = (kind) => readFileSync(fixture(kind), "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));

async function record(kind) {
  const session = SESSION + 1 + Object.keys(SCENES).indexOf(kind);
  await command(program, [viewer.url, String(session), kind]);
  return viewer.events("device-1", session);
}

/** What is seen of a window, as far as it is given here. */
const like = (window, expected) => Object.fromEntries(Object.keys(expected).map((key) => [key, window?.[key]]));

const LIST = ["Remember", "one", "two", "three", "Go on"];
const SCENES = {
  nodes: {
    begin: [{ title: "First", place: [40, 60, 244, 210], texts: ["Who is it?", ...LIST], values: ["***", false], selected: ["two"] }],
    middle: [{ title: "First" }, { title: "Second", texts: ["And who else?", ...LIST], values: ["*****", true] }],
    end: [{ title: "First", isShown: false }, { title: "Second", texts: ["Nobody else", ...LIST], values: ["", false] }],
  },
  scroll: {
    begin: [{ title: "List" }],
    middle: [{ title: "List" }],
    end: [{ title: "List" }],
  },
  pixels: {
    begin: [{ title: "Drawn", place: [40, 60, 256, 160], depth: 0 }],
    middle: [{ title: "Drawn" }, { title: null, place: [60, 80, 128, 80], depth: 1 }],
    end: [{ title: "Drawn, moved", place: [100, 90, 256, 160] }, { title: null, place: [120, 110, 128, 80] }],
  },
  pages: {
    begin: [{ title: "Mail", page: "Inbox Nothing new" }],
    middle: [{ title: "Mail" }, { title: "Calendar", place: [220, 140, 280, 160], page: "Today Lunch at noon" }],
    end: [{ title: "Mail", page: "Inbox One new letter" }, { title: "Calendar", place: [260, 40, 240, 200], page: "Today Lunch at noon" }],
  },
};

/** Places on the desk, and which colour the program painted there. */
const PAPER = [240, 240, 230];
const row = (number) => [40 * number, 90, 200 - 30 * number];
const COLOURS = {
  scroll: {
    begin: [[200, 85, row(0)], [200, 175, row(3)]],
    middle: [[200, 85, row(2)], [200, 175, row(5)]],
    end: [[200, 78, row(0)], [200, 100, row(1)], [200, 182, row(4)]],
  },
  pixels: {
    begin: [[50, 200, [60, 90, 160]], [240, 65, PAPER]],
    middle: [[50, 200, [60, 90, 160]], [240, 65, PAPER], [65, 150, [200, 90, 160]], [180, 85, PAPER]],
    end: [[110, 235, [20, 90, 160]], [340, 95, PAPER], [125, 180, [200, 90, 160]]],
  },
};

for (const [kind, moments] of Object.entries(SCENES)) {
  for (const source of ["recorded now", "kept"]) {
    test(`${kind}, ${source}: each moment, in the viewer and in the stock player`, { timeout: 180_000 }, async (context) => {
      const events = source === "kept" ? read(kind) : await record(kind);
      if (process.env.SR_WRITE && source !== "kept") writeFileSync(fixture(kind), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
      for (const [moment, expected] of Object.entries(moments)) {
        const name = `${kind}-${source === "kept" ? "kept" : "now"}-${moment}`;
        const { windows, picture, page, close } = await replayedAt({ viewer, browser }, name, events, isMoment(moment));
        assert.deepEqual(windows.map((window, at) => like(window, expected[at] ?? { title: "none" })), expected, name);
        for (const [x, y, colour] of COLOURS[kind]?.[moment] ?? []) {
          const [seen] = await colorsAt(page, picture, [[x, y]]);
          assert.ok(seen.every((value, at) => Math.abs(value - colour[at]) <= 8), `${name} at ${x}, ${y}: ${seen}, not ${colour}`);
        }
        const soFar = events.slice(0, events.findIndex(isMoment(moment)) + 1);
        const stock = await stockPicture(browser, soFar);
        const { width, height } = soFar.findLast(({ type, data }) => type === 4 || data.source === 4).data;
        const apart = await rmse(page, [picture, stock], [0, 0, width, height]);
        context.diagnostic(`${name}: RMSE ${apart.toFixed(4)} between the viewer and the stock player`);
        keepPicture(`${name}-viewer`, picture);
        keepPicture(`${name}-stock`, stock);
        assert.ok(apart < 0.01, `${name}: ${apart}`);
        await close();
      }
    });
  }
}
