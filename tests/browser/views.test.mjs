// An app of several windows, recorded through the C ABI, plays in a stock player as it looked at each moment.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compile } from "../support/c-host.mjs";
import { start } from "../support/children.mjs";
import { launch, open, squeeze } from "../support/chromium.mjs";
import { SESSION } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { duration } from "../support/recordings.mjs";
import { startViewer } from "../support/viewer.mjs";

/**
 * A recording of examples/c/views.c, to see that what was recorded once still plays: `SR_WRITE=1 npm test` makes it anew.
 * `SR_PICTURES=folder npm test` keeps what the player shows; docs/images/views.png is `native-app-sign-in.png`.
 */
const FIXTURE = join(project, "tests/fixtures/scenes/native-app.jsonl");
const DEVICE = "native-app";
let viewer, browser, folder, recorded;

before(async () => {
  viewer = await startViewer();
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "session-replay-views-"));
  const program = compile(["examples/c/views.c"], join(folder, "views"));
  const { status, output } = await start(program, [viewer.url, String(SESSION)], { stdio: ["ignore", "pipe", "inherit"] }).ended;
  assert.equal(status, 0, output);
  recorded = await viewer.events(DEVICE, SESSION);
  if (process.env.SR_WRITE) writeFileSync(FIXTURE, recorded.map((event) => `${JSON.stringify(event)}\n`).join(""));
  await viewer.send("fixture", SESSION, readFileSync(FIXTURE, "utf8").split("\n").filter(Boolean));
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
  await viewer?.stop();
});

const screen = (name) => (event) => event.type === 5 && event.data.payload?.name === name;
const key = (event) => event.type === 5 && event.data.tag === "key";

/**
 * What the player shows at the end of a recording that ends with the meant event: texts and values of the windows from the
 * back to the front, and those of the page.
 */
async function shownAt(name, events, isMeant) {
  const until = events.slice(0, events.findIndex(isMeant) + 1);
  await viewer.send(name, SESSION, until);
  const { page, notes, close } = await open(browser);
  await page.goto(`${viewer.url}/sessions/${name}/${SESSION}?t=${duration(until)}`);
  const outer = page.frameLocator(".replayer-wrapper iframe");
  await outer.locator(".w").first().waitFor({ timeout: 30_000 });
  await page.waitForTimeout(500);
  const windows = await outer.locator("body").evaluate((body) =>
    [...body.querySelectorAll(".w")]
      .sort((a, b) => a.style.zIndex - b.style.zIndex)
      .map((window) => ({
        title: window.querySelector(".b").textContent,
        texts: [...window.querySelectorAll(".n")].map((node) => node.textContent).filter(Boolean),
        values: [...window.querySelectorAll("input")].map((input) => (input.type === "checkbox" ? input.checked : input.value)),
        place: ["left", "top", "width", "height"].map((side) => Math.round(window.getBoundingClientRect()[side])),
        selected: [...window.querySelectorAll(".s")].map((node) => node.textContent.slice(0, 4)),
      })),
  );
  const frames = outer.locator("iframe");
  const inside = outer.frameLocator("iframe").locator("body");
  const help = (await frames.count()) === 0 ? undefined : { text: squeeze(await inside.innerText()), value: await inside.locator("input").inputValue() };
  if (process.env.SR_PICTURES) await page.locator(".replayer-wrapper").screenshot({ path: join(process.env.SR_PICTURES, `${name}.png`) });
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
  return { windows, help };
}

const ORDERS = ["File", "Edit", "Search", "Paid only", "New order", "1041   Ada Lovelace        € 120.00", "1042   Grace Hopper        € 80.50", "1043   Alan Turing         € 9.99"];

for (const device of [DEVICE, "fixture"]) {
  test(`${device}: each moment shows the windows of then`, async () => {
    const events = await viewer.events(device, SESSION);
    const begin = await shownAt(`${device}-orders`, events, screen("orders"));
    assert.deepEqual(begin.windows, [
      { title: "Orders", texts: [...ORDERS, "3 orders, number 1 is selected"], values: ["", false], place: [60, 80, 560, 320], selected: ["1041"] },
    ]);
    assert.equal(begin.help, undefined);

    const signIn = await shownAt(`${device}-sign-in`, events, key);
    assert.deepEqual(signIn.windows.map((window) => window.title), ["Orders", "Help", "Sign in"]);
    const [orders, , dialog] = signIn.windows;
    assert.deepEqual([orders.values, orders.selected], [["******", true], ["1042"]]);
    assert.deepEqual([dialog.texts, dialog.values, dialog.place], [["Sign in to pay", "Password", "Sign in"], ["********"], [300, 200, 300, 140]]);
    assert.deepEqual(signIn.help, { text: "Help How to pay an order", value: "refunds" });

    const end = await shownAt(`${device}-end`, events, screen("end"));
    assert.deepEqual(end.windows.map(({ title, place }) => [title, place]), [
      ["Help", [640, 120, 320, 240]],
      ["Orders (1 paid)", [40, 60, 560, 320]],
    ]);
    assert.deepEqual(end.windows[1].selected, ["1043"]);
    assert.deepEqual(end.help, signIn.help);
  });
}

test("what is masked is in no event", () => {
  const all = JSON.stringify(recorded);
  for (const secret of ["correct horse", "correct", "Hopper\""]) assert.ok(!all.includes(secret), secret);
});
