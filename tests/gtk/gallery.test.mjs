// One widget of each kind, in either direction of writing, light and dark: the replay looks as the screen did.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../support/children.mjs";
import { startDesk } from "../support/desk.mjs";
import { SESSION } from "../support/events.mjs";
import { keepPicture, rmse } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";
import { build, gtkEnvironment, versions } from "./programs.mjs";

const MOMENTS = ["controls", "lists", "words", "focus"];
/** Of 1, as the root of the mean square error: the player sets texts in another font; a mark is a picture. */
const [MAX_ERROR, MAX_ERROR_OF_MARK] = [0.22, 0.09];
const LOOKS = [["ltr", "light"], ["rtl", "dark"]];
/** Whether the first of them are set; the half set one isn't. In a row of the tree: a check, and a radio. */
const CHECKS = { controls: [false, true, false, true], lists: [false, false, true, true, false, false] };
let desk;

before(async () => (desk = await startDesk()));
after(() => desk?.stop());

for (const version of [4, 3]) {
  for (const [at, [direction, theme]] of LOOKS.entries()) {
    const skip = !versions.includes(version) && `GTK ${version} or its WebKitGTK is not installed`;
    const name = `gtk${version}-${direction}-${theme}`;
    test(`GTK ${version}, ${direction}, ${theme}: each widget looks as it did`, { timeout: 600_000, skip }, async (context) => {
      const programs = await build(version, false);
      const here = join(desk.folder, name), session = SESSION + version * 10 + at;
      mkdirSync(here);
      const env = desk.environment(gtkEnvironment({ GTK_THEME: undefined }));
      const { status, output } = await run(join(programs, "gallery"), [desk.viewer.url, String(session), here, direction, theme], { env });
      assert.equal(status, 0, output);
      const events = await desk.viewer.events("gtk-gallery", session);
      const moments = JSON.parse(readFileSync(join(here, "moments.json"), "utf8"));
      for (const moment of MOMENTS) {
        const { windows, picture, page, close } = await replayedAt(desk, `${name}-${moment}`, events, isMoment(moment));
        const screenshot = readFileSync(join(here, `${moment}.png`));
        keepPicture(`${name}-${moment}-app`, screenshot);
        keepPicture(`${name}-${moment}-replay`, picture);
        const apart = await rmse(page, [screenshot, picture], moments[moment].place);
        context.diagnostic(`${name}-${moment}: RMSE ${apart.toFixed(3)}`);
        assert.ok(apart < MAX_ERROR, `${moment}: ${apart}`);
        for (const [mark, place] of moments[moment].marks) {
          const off = await rmse(page, [screenshot, picture], place);
          assert.ok(off < MAX_ERROR_OF_MARK, `${mark}: ${off}`);
        }
        // Texts of one label may be several nodes; whitespace where lines are broken, and directions, are the adapter's.
        const [window] = windows, bare = (text) => text.replace(/[\s\u2067\u2069]/g, "");
        const texts = bare(window.texts.join(""));
        for (const text of moments[moment].texts) assert.ok(texts.includes(bare(text)), `${moment}: ${text} of ${window.texts}`);
        assert.equal(window.title, null, "a header bar is its title bar");
        const checks = CHECKS[moment] ?? [];
        assert.deepEqual(window.values.filter((value) => typeof value === "boolean").slice(0, checks.length), checks);
        const partial = page.frameLocator(".replayer-wrapper iframe").locator("k.partial input[type=checkbox]");
        assert.equal(await partial.count(), checks.length ? 1 : 0, "what is half set is so without its picture, too");
        if (moment === "focus") {
          const ring = await page.frameLocator(".replayer-wrapper iframe").locator(".c > .f").boundingBox();
          assert.ok(ring.width > 100 && ring.height > 15, `the ring is around the whole check: ${JSON.stringify(ring)}`);
        }
        await close();
      }
    });
  }
}
