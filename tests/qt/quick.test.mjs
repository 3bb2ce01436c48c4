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
/** Each way in which Qt renders a scene, and what it is seen in. */
const WAYS = [
  ["window", "threaded"],
  ["window", "basic"],
  ["window", "software"],
  ["widget", "threaded"],
];
let desk, programs;

before(async () => {
  desk = await startDesk();
  if (!skip) programs = await buildWithCMake("tests/qt", "qt6", ["-DSR_SANITIZE=OFF", "-DSESSION_REPLAY_QT=Qt6"]);
});

after(() => desk?.stop());

/** Some pixels inside of a field. */
const inner = ([x, y, width, height]) => [x + 4, y + 4, width - 8, height - 8];

for (const [place, way] of WAYS) {
  test(`Qt Quick in a ${place}, rendered by "${way}": its pixels, and nothing secret`, { timeout: 300_000, skip }, async (context) => {
    const session = SESSION + WAYS.findIndex((each) => each[0] === place && each[1] === way);
    const here = join(desk.folder, `${place}-${way}`);
    mkdirSync(here);
    const scene = way === "software" ? { QT_QUICK_BACKEND: "software" } : { QSG_RENDER_LOOP: way };
    const env = desk.environment({ QT_QPA_PLATFORM: "xcb", QT_QPA_PLATFORMTHEME: "", QT_SCALE_FACTOR: "1", ...scene });
    const args = [desk.viewer.url, String(session), here, PASSWORD, place, join(project, "tests/qt/form.qml")];
    const { status, output } = await run(join(programs, "quick"), args, { env });
    assert.equal(status, 0, output);
    const events = await desk.viewer.events("qt-quick", session);
    const { idle, ...moments } = JSON.parse(readFileSync(join(here, "moments.json"), "utf8"));
    assert.ok(idle <= 3, `${idle} frames were rendered while nothing happened`);

    for (const [moment, { place: rectangle, user, password, token }] of Object.entries(moments)) {
      const name = `quick-${place}-${way}-${moment}`;
      const { windows, picture, page, close } = await replayedAt(desk, name, events, isMoment(moment));
      keepPicture(`${name}-replay`, picture);
      const screenshot = readFileSync(join(here, `${moment}.png`));
      keepPicture(`${name}-app`, screenshot);
      assert.deepEqual(windows[0].place, rectangle, moment);
      const apart = await rmse(page, [screenshot, picture], rectangle);
      context.diagnostic(`${name}: RMSE ${apart.toFixed(3)}`);
      assert.ok(apart < 0.15, `${moment}: ${apart}`);
      for (const secret of [user, password, token]) {
        assert.ok((await unevenness(page, picture, inner(secret))) < 24, `${moment}: a field is of one color`);
      }
      await close();
    }
    assert.ok(!JSON.stringify(events).includes(PASSWORD) && !bytesIn(join(here, "storage")).includes(PASSWORD));
  });
}
