// A desktop program with a WebKitGTK view records a page; Chromium plays it, and shows what the page itself shows.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { launch, open } from "./chromium.mjs";
import { built, project, startViewer } from "./programs.mjs";
import { squeeze } from "./recording.mjs";

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
  viewer?.stop();
  screen?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An X server without a screen. */
async function startScreen() {
  const child = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
  const number = await new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`Xvfb does not start (${error.message}): \`make tools\` installs it`)));
    child.stdout.once("data", (text) => resolve(String(text).trim()));
  });
  return { display: `:${number}`, stop: () => child.kill() };
}

/** Builds the program with the flags that pkg-config knows. */
function build() {
  const program = join(folder, "webview");
  const flags = execFileSync("pkg-config", ["--cflags", "--libs", "webkit2gtk-4.1"], { encoding: "utf8" });
  const strict = ["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];
  const webkit = flags.trim().split(/\s+/).map((flag) => flag.replace(/^-I/, "-isystem"));
  const library = [`-I${join(project, "include")}`, `-L${built}`, "-lsession_replay", `-Wl,-rpath,${built}`];
  const source = join(project, "examples/cpp-webview/main.cpp");
  execFileSync(process.env.CXX ?? "c++", [...strict, source, ...library, ...webkit, "-o", program], { stdio: "inherit" });
  return program;
}

/** Runs the program until `enough` says so, and ends it as a session manager would. */
async function record(address, enough) {
  const env = { ...process.env, DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
  const child = spawn(program, [address, RECORDER, viewer.url, join(folder, "storage")], { env, stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  const ended = new Promise((resolve) => child.on("close", resolve));
  while (child.exitCode === null && !(await enough())) await new Promise((resolve) => setTimeout(resolve, 100));
  child.kill("SIGTERM");
  assert.equal(await ended, 0, said);
  assert.equal(said.trim(), "delivered");
}

const json = async (path) => (await fetch(viewer.url + path)).json();

async function recorded() {
  const [session] = await json("/api/sessions");
  return session ? json(`/api/sessions/${session.replay_id}/events`) : [];
}

async function everythingRecorded() {
  const sessions = await json("/api/sessions");
  return Promise.all(sessions.map(({ replay_id }) => json(`/api/sessions/${replay_id}/events`)));
}

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
  const [{ replay_id, problems, duration_ms }] = await json("/api/sessions");
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
