// A desktop program with a WebKitGTK view records a page; Chromium plays it, and shows what the page itself shows.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { launch, open } from "./chromium.mjs";
import { built, project, startViewer } from "./programs.mjs";
import { squeeze } from "./recording.mjs";

const PAGE = pathToFileURL(join(project, "examples/cpp-webview/page.html")).href;
const RECORDER = join(project, "bindings/web/dist/session-replay-recorder.js");
let folder, screen, viewer, browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-webview-"));
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
async function record(program, enough) {
  const env = { ...process.env, DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
  const child = spawn(program, [PAGE, RECORDER, viewer.url, join(folder, "storage")], { env, stdio: ["ignore", "pipe", "ignore"] });
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

const text = (page) => page.evaluate(() => document.body.innerText).then(squeeze);

test("what a web view shows is what its replay shows, but for what is masked", { timeout: 180_000 }, async () => {
  await record(build(), async () => JSON.stringify(await recorded()).includes("all done"));

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
