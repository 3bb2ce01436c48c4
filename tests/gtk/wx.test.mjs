// A wxWidgets program with the adapter for GTK 3: its controls are nodes, and what it paints itself is shown.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { start } from "../support/children.mjs";
import { startDesk } from "../support/desk.mjs";
import { SESSION } from "../support/events.mjs";
import { keepPicture, rmse } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";
import { build, gtkEnvironment, versions } from "./programs.mjs";

test("wxWidgets: controls are nodes, and what paints itself is pixels", { timeout: 600_000 }, async (context) => {
  const program = versions.includes(3) && join(await build(3, false), "wx");
  if (!program || !existsSync(program)) return context.skip("wxWidgets (libwxgtk3.2-dev) or GTK 3 is not installed");
  const desk = await startDesk();
  try {
    let moment;
    const onOutput = (output) => {
      const told = /^moment (\d+) (\d+) (\d+) (\d+)$/m.exec(output);
      if (!told || moment) return;
      moment = { place: told.slice(1).map(Number), screen: desk.screen.screenshot() };
      app.child.stdin.write("\n"); // It goes on.
    };
    const env = desk.environment(gtkEnvironment());
    const app = start(program, [desk.viewer.url, String(SESSION)], { env, onOutput, stdio: ["pipe", "pipe", "pipe"], timeout: 120_000 });
    const { status, output } = await app.ended;
    assert.equal(status, 0, output);
    const events = await desk.viewer.events("wx-app", SESSION);
    assert.ok(!JSON.stringify(events).includes("correct-horse"), "the password");
    const { windows, picture, page, close } = await replayedAt(desk, "gtk3-wx", events, isMoment("wx"));
    keepPicture("gtk3-wx-app", moment.screen);
    keepPicture("gtk3-wx-replay", picture);
    const [window] = windows;
    assert.equal(window.title, "Orders of wx");
    for (const text of ["A text of wx", "A check", "A button"]) assert.ok(window.texts.includes(text), `${text} of ${window.texts}`);
    assert.ok(window.values.includes("Grace Hopper") && window.values.includes("Germany"), String(window.values));
    const [left, top] = moment.place;
    const plot = windows.find(({ depth }) => depth === 1)?.place;
    assert.ok(plot, "what it paints is a view");
    const apart = await rmse(page, [moment.screen, picture], plot);
    context.diagnostic(`at ${[left, top]}, the plot ${plot}: RMSE ${apart.toFixed(3)}`);
    assert.ok(apart < 0.05, `the plot: ${apart}`);
    await close();
  } finally {
    await desk.stop();
  }
});
