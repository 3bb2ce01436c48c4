// A Qt program is used by a script on a real screen; its replay, in Chromium, looks as the screen did at each moment.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { command, run, start } from "../support/children.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION } from "../support/events.mjs";
import { built, project } from "../support/paths.mjs";
import { duration } from "../support/recordings.mjs";
import { startScreen } from "../support/screen.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

const DEVICE = "qt-app";
const PASSWORD = "correct-horse-battery";
/** `SR_PICTURES=folder` keeps the pictures of the app and of the replay. */
const PICTURES = process.env.SR_PICTURES;
const MOMENTS = ["start", "form", "menu", "more", "dialog", "shown", "minimized", "end"];

/** The versions of Qt that are here; at least one is. */
const versions = [6, 5].filter((version) => {
  try {
    execFileSync("pkg-config", ["--exists", `Qt${version}Widgets`, `Qt${version}Test`]);
    return true;
  } catch {
    return false;
  }
});
let folder, screen, viewer, browser;

before(async () => {
  assert.notEqual(versions.length, 0, "no Qt: `scripts/install-tools.sh qt` installs it");
  folder = mkdtempSync(join(tmpdir(), "session-replay-qt-"));
  [screen, viewer, browser] = await Promise.all([startScreen({ manager: "openbox" }), startViewer(), launch()]);
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
  screen?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Builds the programs with CMake, against the library that cargo built; answers with the folder they are in. */
async function build(version, sanitize) {
  const into = join(project, "build", `qt${version}${sanitize ? "-sanitize" : ""}`);
  const options = [`-DSR_BUILT=${built}`, `-DSR_SANITIZE=${sanitize ? "ON" : "OFF"}`, `-DSESSION_REPLAY_QT=Qt${version}`, "-DCMAKE_BUILD_TYPE=Debug"];
  const library = `-DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=${join(project, "tests/qt/library.cmake")}`;
  const limit = { timeout: 600_000 };
  await command("cmake", ["-S", join(project, "tests/qt"), "-B", into, library, ...options], limit);
  await command("cmake", ["--build", into, "--parallel", "2"], limit);
  return into;
}

const environment = (more = {}) => ({ ...process.env, DISPLAY: screen.display, QT_QPA_PLATFORM: "xcb", QT_QPA_PLATFORMTHEME: "", QT_SCALE_FACTOR: "1", ...more });

/** Everything that is stored in a folder, as bytes in Latin-1. */
const bytesIn = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "latin1"))
    .join("\n");

/** How far two pictures are from each other in this part of them: 0 for the same, 1 for black and white. */
async function difference(page, [one, other], [x, y, width, height]) {
  return page.evaluate(
    async ([sources, left, top, wide, high]) => {
      const [a, b] = await Promise.all(
        sources.map(async (source) => {
          const image = new Image();
          image.src = source;
          await image.decode();
          const canvas = new OffscreenCanvas(1024, 768);
          const context = canvas.getContext("2d");
          context.drawImage(image, 0, 0, 1024, 768);
          return context.getImageData(left, top, wide, high).data;
        }),
      );
      let sum = 0;
      for (let at = 0; at < a.length; at++) sum += at % 4 === 3 ? 0 : ((a[at] - b[at]) / 255) ** 2;
      return Math.sqrt(sum / ((a.length / 4) * 3));
    },
    [[one, other].map((png) => `data:image/png;base64,${png.toString("base64")}`), x, y, width, height],
  );
}

/** What the player shows of a recording at one moment: its windows from the back to the front, and a picture. */
async function shownAt(name, events, moment) {
  const so_far = events.slice(0, events.findIndex((event) => event.type === 5 && event.data.payload === moment) + 1);
  assert.notEqual(so_far.length, 0, `${moment} was recorded`);
  await viewer.send(name, SESSION, so_far);
  const { page, notes, close } = await open(browser, { viewport: { width: 1750, height: 1150 } });
  await page.goto(`${viewer.url}/sessions/${name}/${SESSION}?t=${duration(so_far)}`);
  const outer = page.frameLocator(".replayer-wrapper iframe");
  await outer.locator(".w").first().waitFor({ state: "attached", timeout: 30_000 });
  await page.waitForTimeout(500);
  const windows = await outer.locator("body").evaluate((body) => {
    /** Whether another node of its window that is not transparent lies over a node's text. */
    const isCovered = (node) => {
      if (!node.textContent || node.style.clipPath || node.style.display === "none") return false;
      const { left, top, width, height } = node.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      return hit && !node.contains(hit) && node.closest(".w").contains(hit) && getComputedStyle(hit).backgroundColor !== "rgba(0, 0, 0, 0)";
    };
    return [...body.querySelectorAll(".w")]
      .sort((a, b) => a.style.zIndex - b.style.zIndex)
      .map((window) => ({
        title: window.querySelector(".b").style.display === "none" ? null : window.querySelector(".b").textContent,
        isShown: window.style.display !== "none",
        texts: [...window.querySelectorAll(".n:not(.input)")].map((node) => node.textContent).filter(Boolean),
        values: [...window.querySelectorAll(".input")].map((input) => input.value).filter(Boolean),
        place: ["left", "top", "width", "height"].map((side) => Math.round(window.getBoundingClientRect()[side])),
        covered: [...window.querySelectorAll(".n:not(.input)")].filter(isCovered).map((node) => node.textContent),
      }));
  });
  const picture = await page.locator(".replayer-wrapper").screenshot();
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  return { windows, picture, page, close };
}

/** Marks that the adapter draws where the toolkit has pictures, and hints of empty fields. */
const DRAWN = new Set(["▾", "▸", "✓", "•", "Search orders", "A note", "name@example.com"]);
const words = (texts) => [...new Set(texts.filter((text) => !DRAWN.has(text)))].sort();

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
    assert.deepEqual(Object.keys(moments).sort(), [...MOMENTS].sort());

    const keys = events.filter(({ type, data }) => type === 5 && data.tag === "key").map(({ data }) => data.payload);
    assert.deepEqual(keys.map((key) => key.key ?? key), ["Escape", "Escape"], "keys that are no text, and no others");
    const clicks = events.filter(({ type, data }) => type === 3 && data.source === 2 && data.type === 2);
    assert.ok(clicks.length >= 10 && clicks.every(({ data }) => data.id > 0), `${clicks.length} clicks`);

    for (const moment of MOMENTS) {
      const name = `qt${version}-${moment}`;
      const { windows, picture, page, close } = await shownAt(name, events, moment);
      const front = windows.at(-1);
      if (moment === "minimized") {
        assert.deepEqual(windows.map(({ isShown }) => isShown), [false]);
      } else if (moment !== "menu") {
        assert.deepEqual(front.place, moments[moment].place, moment);
        assert.deepEqual(front.covered, [], moment);
        assert.deepEqual(words(front.texts), words(moments[moment].texts), moment);
      }
      const screenshot = readFileSync(join(here, `${moment}.png`));
      const apart = await difference(page, [screenshot, picture], moments[moment].place);
      context.diagnostic(`${name}: RMSE ${apart.toFixed(3)}`);
      if (PICTURES) {
        writeFileSync(join(PICTURES, `${name}-replay.png`), picture);
        writeFileSync(join(PICTURES, `${name}-app.png`), screenshot);
      }
      if (moment !== "minimized") assert.ok(apart < 0.25, `${moment}: ${apart}`);
      await close();
    }
  });

  test(`Qt ${version}: what is masked is in no event and no stored byte`, { timeout: 300_000, skip }, async () => {
    const medium = JSON.stringify(await viewer.events(DEVICE, SESSION + version));
    for (const secret of [PASSWORD, "grace@example.com", "Call before noon", '"Hopper"']) assert.ok(!medium.includes(secret), secret);

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
    const more = { ASAN_OPTIONS: "detect_leaks=0", UBSAN_OPTIONS: "print_stacktrace=1" };
    const { status, signal, output } = await run(join(programs, "hostile"), [viewer.url], { env: environment(more) });
    assert.deepEqual([status, signal, output.trim().split("\n").at(-1)], [0, null, "done"], output);
  });
}

test("the example itself records", { timeout: 300_000 }, async () => {
  const programs = join(project, "build", `qt${versions[0]}`);
  const { child, ended } = start(join(programs, "example/orders"), [viewer.url], { env: environment() });
  const recorded = async () => {
    const all = await viewer.sessions();
    const mine = all.filter(({ device_id, session_id }) => device_id === DEVICE && Number(session_id) > SESSION + 10);
    const events = await Promise.all(mine.map(({ device_id, session_id }) => viewer.events(device_id, session_id)));
    return JSON.stringify(events).includes("Ada Lovelace");
  };
  await until(async () => child.exitCode !== null || (await recorded()), "the example's orders arrive", 120_000);
  assert.equal(child.exitCode, null);
  child.kill();
  await ended;
});
