// A program with SDL2, OpenGL and Dear ImGui is used by a script on a real screen; its replay, in Chromium, looks as the screen did.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { command, run, start } from "../support/children.mjs";
import { buildWithCMake, hasPackages } from "../support/cmake.mjs";
import { startDesk } from "../support/desk.mjs";
import { recordsByItself } from "../support/example.mjs";
import { SESSION } from "../support/events.mjs";
import { bytesIn } from "../support/files.mjs";
import { keepPicture, rmse, unevenness } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";
import { until } from "../support/waiting.mjs";

const DEVICE = "sdl-app";
const PASSWORD = "correct-horse";
/** Of 1: what the replay may differ from the screen, as the root of the mean square error. */
const MAX_ERROR = 0.04;
/** How far the colors of a masked part may lie apart, of 255: WebP takes a little of those beside it. */
const MAX_UNEVENNESS = 12;
/** A frame is wanted twice a second, and encoded on a thread of its own. */
const SEEN_MS = 2_500;
let desk, viewer, folder, programs;

before(async () => {
  assert.ok(hasPackages("sdl2", "imgui"), "no SDL2, or no Dear ImGui: `scripts/install-tools.sh sdl` installs them");
  desk = await startDesk();
  ({ viewer, folder } = desk);
  programs = await buildWithCMake("tests/sdl", "sdl");
});

after(() => desk?.stop());

/** Mesa draws without a GPU. */
const environment = (more = {}) => desk.environment({ LIBGL_ALWAYS_SOFTWARE: "1", SDL_VIDEODRIVER: "x11", SDL_AUDIODRIVER: "dummy", ...more });

/** Starts the app, for a script that uses it. */
function startApp(name, level, server, session) {
  const here = join(folder, name);
  mkdirSync(here);
  const app = start(join(programs, "drive"), [server, String(session), here, level], { stdio: ["pipe", "pipe", "pipe"], env: environment() });
  let told = 0;
  const lines = () => app.output.split("\n").filter((line) => line.startsWith("{"));
  /** Has the app do something, and answers with how it is then. */
  const ask = async (what) => {
    app.child.stdin.write(`${what}\n`);
    await until(() => lines().length > told || app.child.exitCode !== null, () => `${what}: ${app.output}`);
    assert.equal(app.child.exitCode ?? 0, 0, app.output);
    return JSON.parse(lines()[told++]);
  };
  const xdotool = (...args) => command("xdotool", args.map(String), { env: environment() });
  const click = async (what) => {
    const state = await ask("where");
    const [[left, top], [x, y, width, height]] = [state.window, state[what]];
    await xdotool("mousemove", left + x + Math.round(width / 2), top + y + Math.round(height / 2));
    await sleep(300);
    await xdotool("mousedown", 1, "sleep", 0.15, "mouseup", 1);
    await sleep(300);
  };
  const type = async (what, text) => {
    await click(what);
    await xdotool("type", "--delay", 80, text);
  };
  const away = async () => {
    await xdotool("mousemove", 1010, 755);
    await sleep(SEEN_MS);
  };
  return { ...app, here, ask, xdotool, click, type, away };
}

/** A part of a window, on the desk, and some pixels within its edges. */
const inside = ([left, top], [x, y, width, height], by = 0) => [left + x + by, top + y + by, width - 2 * by, height - 2 * by];

/** The window but for its panel with passwords, and the demo's. */
const unmasked = ([left, top, width, height]) => ({ model: [left, top, 325, 270], picture: [left + 325, top, width - 325, 40], bottom: [left, top + 475, 325, height - 475] });

/** The two password fields of Dear ImGui's demo, of which nobody named one, in the window. */
const OF_THE_DEMO = [[380, 400, 190, 19], [380, 423, 190, 19]];

/** Uses the app as a person would; answers with what the screen was at each moment, and how the app was then. */
async function use(app) {
  const moments = {};
  const moment = async (name) => {
    await app.away();
    moments[name] = { state: await app.ask(`moment ${name}`), screen: desk.screen.screenshot() };
    keepPicture(`sdl-${name}-app`, moments[name].screen);
  };
  await until(async () => (await app.ask("where")).window[2] === 800, "the window is there");
  await moment("start");
  await app.type("name", "Grace Hopper");
  await app.xdotool("key", "Tab");
  await app.type("password", PASSWORD);
  await app.type("again", PASSWORD);
  await until(async () => (await app.ask("where")).length === PASSWORD.length, "the password is typed");
  await app.xdotool("key", "Return");
  await moment("typed");
  await app.click("show");
  assert.ok((await app.ask("where")).shows, "the password is shown");
  await app.click("turn_at");
  await moment("shown");
  await app.ask("demo");
  await moment("demo");
  await app.ask("title Model viewer (signed in)");
  await app.ask("move 30 40");
  await app.ask("resize 700 500");
  await app.ask("second");
  await moment("moved");
  await app.ask("minimize");
  await moment("minimized");
  await app.ask("close");
  await app.ask("restore");
  await app.ask("detach");
  await app.ask("attach");
  await moment("end");
  await app.ask("end");
  const { status, output } = await app.ended;
  assert.equal(status, 0, output);
  return moments;
}

test("each moment of the replay is what the screen was, and passwords are masked", { timeout: 600_000 }, async (context) => {
  const app = startApp("light", "light", viewer.url, SESSION);
  const moments = await use(app);
  const events = await viewer.events(DEVICE, SESSION);

  const keys = events.filter(({ type, data }) => type === 5 && data.tag === "key").map(({ data }) => data.payload.key ?? data.payload);
  assert.deepEqual(keys.filter((key) => !/^Shift/.test(key)), ["Tab", "Enter"], "keys that are no text, and no others");
  const clicks = events.filter(({ type, data }) => type === 3 && data.source === 2 && data.type === 2);
  assert.equal(clicks.length, 5, "name, password, again, show, turn");
  assert.ok(!JSON.stringify(events).includes(PASSWORD));

  for (const [name, { state, screen }] of Object.entries(moments)) {
    const { windows, picture, page, close } = await replayedAt(desk, `sdl-${name}`, events, isMoment(name));
    keepPicture(`sdl-${name}-replay`, picture);
    const main = windows.find(({ title }) => title.startsWith("Model viewer"));
    if (name !== "minimized") assert.deepEqual(main.place, state.window, name);
    assert.equal(main.isShown, name !== "minimized", name);
    assert.equal(main.title, ["moved", "minimized", "end"].includes(name) ? "Model viewer (signed in)" : "Model viewer");
    assert.equal(windows.length, state.second[2] > 0 ? 2 : 1, name);
    if (name !== "minimized") {
      for (const [what, part] of Object.entries(unmasked(state.window))) {
        const apart = await rmse(page, [screen, picture], part);
        context.diagnostic(`${name}, ${what}: RMSE ${apart.toFixed(4)}`);
        assert.ok(apart < MAX_ERROR, `${name}, ${what}: ${apart}`);
      }
    }
    if (state.second[2] > 0) {
      assert.deepEqual(windows.find(({ title }) => title === "Palette").place, state.second);
      const apart = await rmse(page, [screen, picture], state.second);
      assert.ok(apart < MAX_ERROR, `${name}, the second window: ${apart}`);
    }
    if (["typed", "shown", "demo", "moved", "end"].includes(name)) {
      for (const field of [state.password, state.again, ...(name === "demo" ? OF_THE_DEMO : [])]) {
        const part = inside(state.window, field, 3);
        assert.ok((await unevenness(page, screen, part)) > 80, `${name}: ${field} is seen on the screen`);
        const seen = await unevenness(page, picture, part);
        assert.ok(seen <= MAX_UNEVENNESS, `${name}: ${field} is seen in the replay (${seen})`);
      }
      const seen = await unevenness(page, picture, inside(state.window, state.name, 3));
      assert.ok(seen > 80, `${name}: the name is no password, and seen (${seen})`);
    }
    await close();
  }
});

test("what is typed is in no stored byte; in the level medium no field is seen", { timeout: 300_000 }, async () => {
  // Nobody takes what is recorded, so all of it is in files.
  const app = startApp("stored", "light", "http://127.0.0.1:9", SESSION);
  await app.type("password", PASSWORD);
  await until(async () => (await app.ask("where")).length === PASSWORD.length, "the password is typed");
  await app.away();
  await app.ask("end");
  await app.ended;
  const stored = bytesIn(join(app.here, "storage"));
  assert.ok(stored.includes("Model viewer") && stored.includes("data:image/webp"), "what is kept is found");
  for (let length = 5; length <= PASSWORD.length; length++) assert.ok(!stored.includes(PASSWORD.slice(0, length)));

  const medium = startApp("medium", "medium", viewer.url, SESSION + 1);
  await medium.type("name", "Grace Hopper");
  await medium.away();
  const state = await medium.ask("moment medium");
  const screen = desk.screen.screenshot();
  await medium.ask("end");
  await medium.ended;
  const { picture, page, close } = await replayedAt(desk, "sdl-medium", await viewer.events(DEVICE, SESSION + 1), isMoment("medium"));
  keepPicture("sdl-medium-replay", picture);
  for (const field of ["name", "turn_at"]) {
    const part = inside(state.window, state[field], 3);
    assert.ok((await unevenness(page, screen, part)) > 80, `${field} is seen on the screen`);
    assert.ok((await unevenness(page, picture, part)) <= MAX_UNEVENNESS, `${field} is seen in the replay`);
  }
  await close();
});

test("in the level conservative no frame is read that does not say what is masked", { timeout: 300_000 }, async () => {
  const app = startApp("conservative", "conservative", viewer.url, SESSION + 2);
  await app.away();
  await app.ask("moment conservative");
  await app.ask("end");
  await app.ended;
  const events = JSON.stringify(await viewer.events(DEVICE, SESSION + 2));
  assert.ok(events.includes("conservative") && !events.includes("data:image"), "no picture");
});

test("the fields of Dear ImGui are found, and what is none is not", { timeout: 60_000 }, async () => {
  const { status, output } = await run(join(programs, "masks"), [], { env: environment() });
  assert.equal(status, 0, output);
});

test("the example itself records, though it draws only when something happens", { timeout: 120_000 }, async () => {
  await recordsByItself(join(programs, "example/model-viewer"), { viewer, environment: environment(), device: DEVICE, since: SESSION + 10, text: "data:image/webp" });
});
