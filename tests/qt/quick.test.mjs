// A scene of Qt Quick is used by a script on a real screen: its replay has the same pixels, without what is secret.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../support/children.mjs";
import { buildWithCMake, hasPackages } from "../support/cmake.mjs";
import { startDesk } from "../support/desk.mjs";
import { SESSION } from "../support/events.mjs";
import { bytesIn } from "../support/files.mjs";
import { project } from "../support/paths.mjs";
import { keepPicture, rmse, unevenness } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";

const PASSWORD = "correct-horse-battery";
const skip = !hasPackages("Qt6Quick", "Qt6QuickWidgets") && "Qt Quick is not installed";
/** Each way in which Qt renders a scene, what it is seen in, and what is masked. */
const WAYS = [
  ["window", "threaded", "medium"],
  ["window", "basic", "light"],
  ["window", "software", "light"],
  ["widget", "threaded", "light"],
];
/** Secret at every level; what a software renderer does not draw is not looked for there. */
const SECRETS = ["password", "token", "early", "character", "copy", "engine"];
const LEVELS = { medium: [...SECRETS, "user"], light: SECRETS };
let desk, programs;

before(async () => {
  desk = await startDesk();
  if (!skip) programs = await buildWithCMake("tests/qt", "qt6", ["-DSR_SANITIZE=OFF", "-DSESSION_REPLAY_QT=Qt6"]);
});

after(() => desk?.stop());

/** Some pixels inside of a field. */
const inner = ([x, y, width, height]) => [x + 4, y + 4, width - 8, height - 8];

/** Runs the program; answers with what it recorded, or with undefined where a module of QML is missing. */
async function record(name, session, [place, way, level], scene) {
  const here = join(desk.folder, name);
  mkdirSync(here);
  const renderer = way === "software" ? { QT_QUICK_BACKEND: "software" } : { QSG_RENDER_LOOP: way };
  const chromium = { QTWEBENGINE_DISABLE_SANDBOX: "1", QTWEBENGINE_CHROMIUM_FLAGS: "--no-sandbox --disable-gpu" };
  const env = desk.environment({ QT_QPA_PLATFORM: "xcb", QT_QPA_PLATFORMTHEME: "", QT_SCALE_FACTOR: "1", ...chromium, ...renderer });
  const args = [desk.viewer.url, String(session), here, PASSWORD, place, join(project, "tests/qt", scene), level];
  const { status, output } = await run(join(programs, "quick"), args, { env });
  if (status === 77 && output.includes("is not installed")) return undefined;
  assert.equal(status, 0, output);
  const moments = JSON.parse(readFileSync(join(here, "moments.json"), "utf8"));
  return { here, moments, events: await desk.viewer.events("qt-quick", session) };
}

/** Compares a moment with the screen; answers with how uneven the items are, on the screen and in the replay. */
async function compare(context, here, name, moment, { place, items }, events) {
  const { windows, picture, page, close } = await replayedAt(desk, name, events, isMoment(moment));
  keepPicture(`${name}-replay`, picture);
  const screenshot = readFileSync(join(here, `${moment}.png`));
  keepPicture(`${name}-app`, screenshot);
  assert.deepEqual(windows[0].place, place, moment);
  const apart = await rmse(page, [screenshot, picture], place);
  context.diagnostic(`${name}: RMSE ${apart.toFixed(3)}`);
  const uneven = {};
  for (const [item, rectangle] of Object.entries(items)) {
    uneven[item] = { app: await unevenness(page, screenshot, inner(rectangle)), replay: await unevenness(page, picture, inner(rectangle)) };
  }
  await close();
  return { apart, uneven };
}

for (const [place, way, level] of WAYS) {
  test(`Qt Quick in a ${place}, rendered by "${way}", in the level "${level}": its pixels, and nothing secret`, { timeout: 300_000, skip }, async (context) => {
    const session = SESSION + WAYS.findIndex((each) => each[0] === place && each[1] === way);
    const recorded = await record(`${place}-${way}`, session, [place, way, level], "form.qml");
    assert.ok(recorded, "Qt Quick Controls are not installed: `scripts/install-tools.sh qt` installs them");
    const { here, moments: { idle, ...moments }, events } = recorded;
    assert.ok(idle <= 3, `${idle} frames were rendered while nothing happened`);

    for (const [moment, it] of Object.entries(moments)) {
      const { apart, uneven } = await compare(context, here, `quick-${place}-${way}-${moment}`, moment, it, events);
      assert.ok(apart < 0.25, `${moment}: ${apart}`);
      const nested = place === "widget" ? ["nested"] : [];
      for (const secret of [...LEVELS[level], ...nested]) {
        assert.ok(uneven[secret].replay < 24, `${moment}: "${secret}" is of one color`);
      }
      const drawn = ["token", "early", "character", "plain", ...nested, ...(way === "software" ? [] : ["copy", "engine"])];
      for (const item of drawn) {
        assert.ok(uneven[item].app > 100, `${moment}: "${item}" is on the screen`);
      }
      assert.ok(uneven.plain.replay > 100, `${moment}: what is no secret is seen`);
      if (level === "light" && moment !== "empty") assert.ok(uneven.user.replay > 100, `${moment}: what is typed is seen`);
    }
    assert.ok(!JSON.stringify(events).includes(PASSWORD) && !bytesIn(join(here, "storage")).includes(PASSWORD));
  });
}

test("a web view in a scene of Qt Quick is masked as a whole, in the level \"light\", too", { timeout: 300_000, skip }, async (context) => {
  const recorded = await record("page", SESSION + 20, ["window", "basic", "light"], "page.qml");
  if (!recorded) {
    context.skip("QtWebEngine for QML is not installed");
    return;
  }
  const { uneven } = await compare(context, recorded.here, "quick-page", "empty", recorded.moments.empty, recorded.events);
  assert.ok(uneven.page.app > 100, "the page is on the screen");
  assert.ok(uneven.page.replay < 24, "and not in the replay");
  assert.ok(uneven.plain.replay > 100, "what lies around it is");
});
