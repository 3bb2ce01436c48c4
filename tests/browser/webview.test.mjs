// A desktop program with a WebKitGTK view records a page; Chromium plays it, and shows what the page itself shows.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { compile } from "../support/c-host.mjs";
import { start } from "../support/children.mjs";
import { launch, open, squeeze } from "../support/chromium.mjs";
import { project } from "../support/paths.mjs";
import { startScreen } from "../support/screen.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

const PAGE = pathToFileURL(join(project, "examples/cpp-webview/page.html")).href;
const RECORDER = join(project, "bindings/web/dist/session-replay-recorder.js");
let folder, program, screen, viewer, browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-webview-"));
  program = build();
  [screen, viewer, browser] = await Promise.all([startScreen(), startViewer(), launch()]);
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
  screen?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Builds the program with the flags that pkg-config knows. */
function build() {
  const flags = execFileSync("pkg-config", ["--cflags", "--libs", "webkit2gtk-4.1"], { encoding: "utf8" });
  const strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];
  const webkit = flags.trim().split(/\s+/).map((flag) => flag.replace(/^-I/, "-isystem"));
  return compile(["examples/cpp-webview/main.cpp"], join(folder, "webview"), { flags: strict, libraries: ["-lsession_replay", ...webkit] });
}

/** Runs the program until `enough` says so, and ends it as a session manager would. */
async function record(address, enough) {
  const env = { ...process.env, DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
  const args = [address, RECORDER, viewer.url, join(folder, "storage")];
  const { child, ended } = start(program, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  await until(async () => child.exitCode !== null || (await enough()), "the host records enough", 120_000);
  child.kill("SIGTERM");
  const { status, output } = await ended;
  assert.equal(status, 0, output);
  assert.equal(output.trim(), "delivered");
}

async function everythingRecorded() {
  const sessions = await viewer.sessions();
  return Promise.all(sessions.map(({ device_id, session_id }) => viewer.events(device_id, session_id)));
}

const recorded = async () => (await everythingRecorded())[0] ?? [];

const text = (page) => page.evaluate(() => document.body.innerText).then(squeeze);

test("what a web view shows is what its replay shows, but for what is masked", { timeout: 180_000 }, async () => {
  await record(PAGE, async () => JSON.stringify(await recorded()).includes("all done"));

  const live = await open(browser);
  await live.page.goto(PAGE);
  await live.page.getByText("all done").waitFor();
  const shown = await text(live.page);
  const typed = await live.page.inputValue("#search");
  assert.ok(shown.includes("Order 20") && typed.length === 20);
  await live.close();

  const events = await recorded();
  const everything = JSON.stringify(events);
  for (const secret of ["4111", typed]) assert.ok(!everything.includes(secret), `"${secret}" never left the page`);
  const [{ replay_id, problems, duration_ms }] = await viewer.sessions();
  assert.deepEqual(problems, []);

  const { page, notes, close } = await open(browser);
  await page.goto(`${viewer.url}/sessions/${replay_id}?t=${Math.ceil(duration_ms) + 1_000}`);
  const frame = page.frameLocator(".replayer-wrapper iframe");
  await frame.getByText("all done").waitFor();
  const replayed = squeeze(await frame.locator("body").evaluate((body) => body.innerText));
  const masked = (words) => words.replace(/Card number[ \d]+/, (card) => card.replace(/[^\s]/g, "*"));
  assert.equal(replayed, masked(shown));
  assert.equal(await frame.locator("#search").inputValue(), "*".repeat(20));
  assert.equal(await frame.locator("li.done").count(), 10);
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

/** A page whose script runs before anything else of it; its address. */
function page(name, script) {
  const file = join(folder, name);
  writeFileSync(file, `<!doctype html><title>${name}</title><script>${script}</script>`);
  return pathToFileURL(file).href;
}

test("what a page sends in the recorder's place does the host no harm", { timeout: 120_000 }, async () => {
  const hostile = `
    const send = (message) => {
      try { webkit.messageHandlers.sessionReplay.postMessage(message); } catch { /* WebKit does not carry it */ }
    };
    const deep = [];
    for (let i = 0, inner = deep; i < 5_000; i++, inner = inner[0]) inner.push([]);
    // The last has no text at all.
    const messages = [null, undefined, 5, 10n, [1], {}, new Date(NaN), new Error("no"), deep, "", "\\n\\n", "nonsense",
      "a\\0b", "\\ud800", '{"type":2}', "x".repeat(10e6), { toString: 1, valueOf: 1 }];
    messages.forEach(send);
    send('{"type":5,"timestamp":' + Date.now() + ',"data":{"tag":"all sent","payload":{}}}');`;
  await record(page("hostile.html", hostile), async () => JSON.stringify(await everythingRecorded()).includes("all sent"));
});

test("a page that never rests does not keep the host from ending", { timeout: 120_000 }, async () => {
  const restless = `
    setTimeout(() => {
      webkit.messageHandlers.sessionReplay.postMessage(
        '{"type":5,"timestamp":' + Date.now() + ',"data":{"tag":"busy now","payload":{}}}');
      for (;;);
    }, 100);`;
  await record(page("restless.html", restless), async () => JSON.stringify(await everythingRecorded()).includes("busy now"));
});
