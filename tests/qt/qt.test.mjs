// A Qt program is used by a script on a real screen; its replay, in Chromium, looks as the screen did at each moment.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../support/children.mjs";
import { buildWithCMake, hasPackages } from "../support/cmake.mjs";
import { startDesk } from "../support/desk.mjs";
import { recordsByItself } from "../support/example.mjs";
import { SESSION } from "../support/events.mjs";
import { bytesIn } from "../support/files.mjs";
import { project } from "../support/paths.mjs";
import { keepPicture, rmse, unevenness } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";

const DEVICE = "qt-app";
const PASSWORD = "correct-horse-battery";
const MOMENTS = ["start", "form", "menu", "more", "dialog", "shown", "minimized", "end", "painted"];
/** Those with a page, where Qt WebEngine is there. */
const PAGES = ["page", "reloaded", "hidden", "again", "bar", "alone"];

/** The versions of Qt that are here; at least one is. */
const versions = [6, 5].filter((version) => hasPackages(`Qt${version}Widgets`, `Qt${version}Test`));
const hasWebEngine = (version) => hasPackages(`Qt${version}WebEngineWidgets`);
let desk, viewer, folder;

before(async () => {
  assert.notEqual(versions.length, 0, "no Qt: `scripts/install-tools.sh qt` installs it");
  desk = await startDesk();
  ({ viewer, folder } = desk);
});

after(() => desk?.stop());

/** Builds the programs; answers with the folder they are in. */
const build = (version, sanitize) =>
  buildWithCMake("tests/qt", `qt${version}${sanitize ? "-sanitize" : ""}`, [`-DSR_SANITIZE=${sanitize ? "ON" : "OFF"}`, `-DSESSION_REPLAY_QT=Qt${version}`]);

/** Chromium in Qt, in a container, without a graphics card. */
const WEB_ENGINE = { QTWEBENGINE_DISABLE_SANDBOX: "1", QTWEBENGINE_CHROMIUM_FLAGS: "--no-sandbox --disable-gpu" };
const environment = (more = {}) => desk.environment({ QT_QPA_PLATFORM: "xcb", QT_QPA_PLATFORMTHEME: "", QT_SCALE_FACTOR: "1", ...WEB_ENGINE, ...more });

/** Marks that the adapter draws where the toolkit has pictures, and hints of empty fields. */
const DRAWN = new Set(["▾", "▴", "▸", "◂", "+", "−", "●", "•", "Search orders", "A note", "name@example.com"]);
const words = (texts) => [...new Set(texts.filter((text) => !DRAWN.has(text)))].sort();
/** What the replay says where the app has these texts: one that has too little room ends in "…". */
const asShown = (texts, shown) => words(texts.map((text) => (shown.includes(text) ? text : shown.find((cut) => cut.endsWith("…") && text.startsWith(cut.slice(0, -1))) ?? text)));

for (const version of [6, 5]) {
  const skip = !versions.includes(version) && `Qt ${version} is not installed`;

  test(`Qt ${version}: each moment of the replay is what the screen was`, { timeout: 900_000, skip }, async (context) => {
    const programs = await build(version, false);
    const here = join(folder, String(version));
    mkdirSync(here);
    const session = SESSION + version;
    const { status, output } = await run(join(programs, "drive"), [viewer.url, String(session), here, PASSWORD], { env: environment() });
    assert.equal(status, 0, output);
    const events = await viewer.events(DEVICE, session);
    const moments = JSON.parse(readFileSync(join(here, "moments.json"), "utf8"));
    const all = [...MOMENTS, ...(hasWebEngine(version) ? PAGES : [])];
    assert.deepEqual(Object.keys(moments).sort(), [...all].sort());

    const keys = events.filter(({ type, data }) => type === 5 && data.tag === "key").map(({ data }) => data.payload);
    assert.deepEqual(keys.map((key) => key.key ?? key), ["Escape", "Escape"], "keys that are no text, and no others");
    const clicks = events.filter(({ type, data }) => type === 3 && data.source === 2 && data.type === 2);
    assert.ok(clicks.length >= 10 && clicks.every(({ data }) => data.id > 0), `${clicks.length} clicks`);

    for (const moment of all) {
      const name = `qt${version}-${moment}`;
      const { windows: views, picture, page, close } = await replayedAt(desk, name, events, isMoment(moment));
      const windows = views.filter(({ depth }) => depth === 0);
      const pages = views.filter((view) => view.isShown && view.page !== undefined);
      const front = windows.at(-1);
      if (moment === "minimized") {
        assert.deepEqual(windows.map(({ isShown }) => isShown), [false]);
      } else if (moment !== "menu") {
        assert.deepEqual(front.place, moments[moment].place, moment);
        assert.deepEqual(front.covered, [], moment);
        // What lies on a page is a view of its own in that of the window.
        const above = views.filter((view) => view.depth > 0 && view.page === undefined);
        const texts = [front, ...above].flatMap((view) => view.texts);
        assert.deepEqual(words(texts), asShown(moments[moment].texts, texts), moment);
      }
      assert.equal(pages.length, moments[moment].page ? 1 : 0, `${moment}: pages that are seen`);
      if (moments[moment].page) {
        assert.ok(pages[0].page.includes(moments[moment].page), `${moment}: ${pages[0].page}`);
        assert.deepEqual(pages[0].place, moments[moment].page_place, moment);
      }
      const screenshot = readFileSync(join(here, `${moment}.png`));
      const apart = await rmse(page, [screenshot, picture], moments[moment].place);
      context.diagnostic(`${name}: RMSE ${apart.toFixed(3)}`);
      keepPicture(`${name}-replay`, picture);
      keepPicture(`${name}-app`, screenshot);
      if (moment !== "minimized") assert.ok(apart < 0.25, `${moment}: ${apart}`);
      for (const [x, y, width, height] of moments[moment].secrets ?? []) {
        assert.ok((await unevenness(page, picture, [x + 3, y + 3, width - 6, height - 6])) < 24, `${moment}: a password is of one color`);
      }
      if (moments[moment].above) {
        const off = await rmse(page, [screenshot, picture], moments[moment].above);
        context.diagnostic(`${name}: what lies on the page: ${off.toFixed(3)}`);
        assert.ok(off < 0.25, `${moment}: what lies on the page is ${off} from the screen`);
      }
      for (const part of moments[moment].pixels ?? []) {
        const off = await rmse(page, [screenshot, picture], part);
        assert.ok(off < 0.06, `${moment}: what paints itself is ${off} from the screen`);
      }
      await close();
    }
  });

  test(`Qt ${version}: what is masked is in no event and no stored byte`, { timeout: 300_000, skip }, async () => {
    const medium = JSON.stringify(await viewer.events(DEVICE, SESSION + version));
    for (const secret of [PASSWORD, "grace@example.com", "Call before noon", '"Hopper"', "SPRING-2026"]) assert.ok(!medium.includes(secret), secret);

    // In the level "light", inputs are kept and passwords are not; nobody takes what is recorded, so all of it is in files.
    const here = join(folder, `${version}-light`);
    mkdirSync(here);
    const programs = join(project, "build", `qt${version}`);
    const args = ["http://127.0.0.1:9", "5", here, PASSWORD, "light"];
    const { status, output } = await run(join(programs, "drive"), args, { env: environment() });
    assert.equal(status, 0, output);
    const stored = bytesIn(join(here, "storage"));
    assert.ok(stored.includes("grace@example.com") && stored.includes("Call before noon"), "what is kept is found");
    for (let length = 6; length <= PASSWORD.length; length++) {
      assert.ok(!stored.includes(PASSWORD.slice(0, length)), `the first ${length} characters of the password`);
    }
  });

  test(`Qt ${version}: an app that does its worst is not harmed`, { timeout: 900_000, skip }, async () => {
    const programs = await build(version, true);
    // Chromium, in Qt WebEngine, deletes by the size of a base. And Mesa's other renderer, where it does not lock the scene of a context
    // that another thread draws with (22.3), dies under any program that draws on two threads: this one does, as fast as it can.
    const more = { ASAN_OPTIONS: "detect_leaks=0:new_delete_type_mismatch=0", UBSAN_OPTIONS: "print_stacktrace=1", GALLIUM_DRIVER: "softpipe" };
    const { status, signal, output } = await run(join(programs, "hostile"), [viewer.url], { env: environment(more) });
    assert.deepEqual([status, signal, output.trim().split("\n").at(-1)], [0, null, "done"], output);
  });
}

test("the guide shows the example", () => {
  const example = readFileSync(join(project, "examples/qt/main.cpp"), "utf8");
  assert.ok(readFileSync(join(project, "docs/guide/qt.md"), "utf8").includes(`\`\`\`cpp\n${example}\`\`\``));
});

test("the example itself records", { timeout: 300_000 }, async () => {
  const programs = join(project, "build", `qt${versions[0]}`);
  await recordsByItself(join(programs, "example/orders"), { viewer, environment: environment(), device: DEVICE, since: SESSION + 10, text: "Ada Lovelace" });
});
