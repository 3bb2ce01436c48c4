// A GTK program is used by a script on a real screen; its replay, in Chromium, looks as the screen did at each moment.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../support/children.mjs";
import { startDesk } from "../support/desk.mjs";
import { recordsByItself } from "../support/example.mjs";
import { SESSION } from "../support/events.mjs";
import { bytesIn } from "../support/files.mjs";
import { project } from "../support/paths.mjs";
import { keepPicture, rmse } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";
import { build, gtkEnvironment, versions } from "./programs.mjs";

const DEVICE = "gtk-app";
const PASSWORD = "correct-horse-battery";
const MOMENTS = ["start", "form", "menu", "more", "plot", "dialog", "shown", "end"];
const PAGES = ["page", "navigated", "returned"];
const RECORDER = join(project, "bindings/web/dist/session-replay-recorder.js");
let desk, viewer, folder, pages;

before(async () => {
  assert.notEqual(versions.length, 0, "no GTK: `scripts/install-tools.sh gtk` installs it");
  desk = await startDesk();
  ({ viewer, folder } = desk);
  pages = createServer((request, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(readFileSync(join(project, "tests/gtk", request.url === "/other" ? "other.html" : "page.html")));
  });
  await new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve));
});

after(async () => {
  pages?.close();
  await desk?.stop();
});

const environment = (more) => desk.environment(gtkEnvironment(more));

/** Marks that the adapter draws where the toolkit has pictures, and hints of empty fields. */
const DRAWN = new Set(["▾", "▸", "◂", "✓", "−", "+", "Search orders", "name@example.com"]);
const words = (texts) => [...new Set(texts.filter((text) => !DRAWN.has(text)))].sort();

for (const version of [4, 3]) {
  const skip = !versions.includes(version) && `GTK ${version} or its WebKitGTK is not installed`;

  test(`GTK ${version}: each moment of the replay is what the screen was`, { timeout: 900_000, skip }, async (context) => {
    const programs = await build(version, false);
    const here = join(folder, String(version));
    mkdirSync(here);
    const session = SESSION + version;
    const site = `http://127.0.0.1:${pages.address().port}`;
    const args = [viewer.url, String(session), here, PASSWORD, "medium", RECORDER, `${site}/page`, `${site}/other`];
    const { status, output } = await run(join(programs, "drive"), args, { env: environment() });
    assert.equal(status, 0, output);
    const events = await viewer.events(DEVICE, session);
    const moments = JSON.parse(readFileSync(join(here, "moments.json"), "utf8"));
    assert.deepEqual(Object.keys(moments).sort(), [...MOMENTS, ...PAGES].sort());

    const keys = events.filter(({ type, data }) => type === 5 && data.tag === "key").map(({ data }) => data.payload);
    assert.deepEqual(keys.map((key) => key.key ?? key), ["Escape"], "keys that are no text, and no others");
    const clicks = events.filter(({ type, data }) => type === 3 && data.source === 2 && data.type === 2);
    assert.ok(clicks.length >= 10 && clicks.every(({ data }) => data.id > 0), `${clicks.length} clicks`);

    let shown;
    for (const moment of [...MOMENTS, ...PAGES]) {
      const name = `gtk${version}-${moment}`;
      const { windows, picture, page, close } = await replayedAt(desk, name, events, isMoment(moment));
      const screenshot = readFileSync(join(here, `${moment}.png`));
      const apart = await rmse(page, [screenshot, picture], moments[moment].place);
      context.diagnostic(`${name}: RMSE ${apart.toFixed(3)}`);
      keepPicture(`${name}-replay`, picture);
      keepPicture(`${name}-app`, screenshot);
      const at = windows.findLastIndex(({ depth, isShown }) => depth === 0 && isShown);
      const [front, ...inside] = windows.slice(at);
      const texts = [front, ...inside].flatMap((window) => window.texts);
      if (moment === "menu") {
        for (const item of ["Open", "Save", "Only paid ones"]) assert.ok(front.texts.includes(item), `${item} of ${front.texts}`);
      } else {
        assert.deepEqual(front.place, moments[moment].place, moment);
        assert.deepEqual(front.covered, [], moment);
        assert.deepEqual(words(texts), words(moments[moment].texts), moment);
      }
      if (PAGES.includes(moment)) {
        const text = windows.map((window) => window.page).find(Boolean);
        assert.match(text ?? "", moment === "page" ? /Orders are sent on the day/ : /Call us between nine and five/, moment);
      }
      assert.ok(apart < 0.22, `${moment}: ${apart}`);
      if (moments[moment].plot) {
        const pixels = await rmse(page, [screenshot, picture], moments[moment].plot);
        assert.ok(pixels < 0.05, `${moment}: what the app draws itself, ${pixels}`);
        if (!shown) shown = picture;
        else assert.ok((await rmse(page, [shown, picture], moments[moment].plot)) > 0.1, "it was drawn again");
      }
      await close();
    }
  });

  test(`GTK ${version}: what is masked is in no event and no stored byte`, { timeout: 300_000, skip }, async () => {
    const medium = JSON.stringify(await viewer.events(DEVICE, SESSION + version));
    for (const secret of [PASSWORD, "grace@example.com", "Call before noon", '"Hopper"', "typed in the page"]) assert.ok(!medium.includes(secret), secret);

    // In the level "light", inputs are kept and passwords are not; nobody takes what is recorded, so all of it is in files.
    const here = join(folder, `${version}-light`);
    mkdirSync(here);
    const args = ["http://127.0.0.1:9", "5", here, PASSWORD, "light"];
    const { status, output } = await run(join(project, "build", `gtk${version}`, "drive"), args, { env: environment() });
    assert.equal(status, 0, output);
    const stored = bytesIn(join(here, "storage"));
    assert.ok(stored.includes("grace@example.com") && stored.includes("Call before noon"), "what is kept is found");
    assert.ok(!stored.includes("token-4711"), "sr_gtk_mask");
    for (let length = 6; length <= PASSWORD.length; length++) {
      assert.ok(!stored.includes(PASSWORD.slice(0, length)), `the first ${length} characters of the password`);
    }
  });

  test(`GTK ${version}: an app that does its worst is not harmed`, { timeout: 900_000, skip }, async () => {
    const programs = await build(version, true);
    const more = { ASAN_OPTIONS: "detect_leaks=0", UBSAN_OPTIONS: "print_stacktrace=1" };
    const { status, signal, output } = await run(join(programs, "hostile"), [viewer.url], { env: environment(more) });
    assert.deepEqual([status, signal, output.trim().split("\n").at(-1)], [0, null, "done"], output);
  });
}

test("the example itself records", { timeout: 300_000 }, async () => {
  const programs = join(project, "build", `gtk${versions[0]}`);
  await recordsByItself(join(programs, "example/orders"), { viewer, environment: environment(), device: DEVICE, since: SESSION + 10, text: "Ada Lovelace" });
});
