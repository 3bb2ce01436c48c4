// The Win32 adapter compiles without a warning; and under Wine, where the library was built for Windows, a replay looks as the app did.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { command, start } from "../support/children.mjs";
import { startDesk } from "../support/desk.mjs";
import { SESSION } from "../support/events.mjs";
import { codeOf, compileBody } from "../support/page-code.mjs";
import { project } from "../support/paths.mjs";
import { keepPicture, rmse, unevenness } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";

const ADAPTER = "bindings/win32/session_replay_win32.c";
const SOURCES = [ADAPTER, "examples/win32/main.c", "tests/win32/drive.c", "tests/win32/parts.c", "tests/win32/network.c"];
const COMPILERS = [
  ["x86_64-w64-mingw32-gcc", "-std=c99", "-Wpedantic"],
  ["x86_64-w64-mingw32-gcc", "-std=c17"],
  ["x86_64-w64-mingw32-g++", "-x", "c++", "-std=c++17"],
];
const PASSWORD = "correct-horse";
/** `SR_WINDOWS=folder`: where session_replay.dll is, and what it needs beside it; docs/contributing/testing.md says how it is built. */
const LIBRARY = process.env.SR_WINDOWS;
const isThere = (program, ...args) => spawnSync(program, args, { stdio: "ignore" }).status === 0;
const noWine = !LIBRARY ? "SR_WINDOWS names no folder with the library for Windows" : !isThere("wine", "--version") && "Wine is not installed";
let folder, desk;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-win32-"));
  if (!noWine) desk = await startDesk();
});

after(async () => {
  await desk?.stop();
  rmSync(folder, { recursive: true, force: true });
});

for (const [compiler, ...language] of COMPILERS) {
  const skip = !isThere(compiler, "--version") && `${compiler} is not installed: \`scripts/install-tools.sh win32\` installs it`;
  test(`${compiler} ${language.join(" ")}: no warning`, { timeout: 120_000, skip }, async () => {
    for (const source of SOURCES) {
      const args = [...language, "-Wall", "-Wextra", "-Wshadow", "-Werror", "-Iinclude", "-Ibindings/win32", "-c", source, "-o", join(folder, "object.o")];
      await command(compiler, args, { cwd: project });
    }
  });
}

test("the guide's code compiles", { timeout: 60_000, skip: !isThere("x86_64-w64-mingw32-gcc", "--version") && "MinGW is not installed" }, async () => {
  const blocks = codeOf("win32.md");
  assert.notEqual(blocks.length, 0);
  const compiler = ["x86_64-w64-mingw32-gcc", "-std=c99", "-I", join(project, "bindings/win32")];
  for (const { code } of blocks) await compileBody(compiler, code, "#include <session_replay_win32.h>\nHWND make_window(void);", folder);
});

/** A program for Windows, in a folder with the library; `more` are options of the compiler. */
async function build(name, source = "drive", ...more) {
  const into = join(folder, name);
  mkdirSync(into);
  for (const file of ["session_replay.dll", "bcryptprimitives.dll", "libwinpthread-1.dll"]) {
    if (existsSync(join(LIBRARY, file))) copyFileSync(join(LIBRARY, file), join(into, file));
  }
  const args = ["-std=c99", ...more, "-Iinclude", "-Ibindings/win32", `tests/win32/${source}.c`, ADAPTER, join(into, "session_replay.dll"), "-lgdi32"];
  await command("x86_64-w64-mingw32-gcc", [...args, "-o", join(into, "drive.exe")], { cwd: project });
  return join(into, "drive.exe");
}

/** Runs the app's script; answers with where its window was at each moment, and what the screen was. */
async function drive(program, session, level) {
  const env = desk.environment({ WINEPREFIX: join(folder, "wine"), WINEDEBUG: "-all", LC_ALL: "C.UTF-8" });
  const moments = {};
  const onOutput = (output) => {
    for (const [, name, ...numbers] of output.matchAll(/^(\w+) (-?\d+) (-?\d+) (\d+) (\d+)\r?$/gm)) {
      if (moments[name]) continue;
      moments[name] = { client: numbers.map(Number), screen: desk.screen.screenshot() };
      app.child.stdin.write("\n"); // It goes on.
    }
  };
  const args = [program, desk.viewer.url, String(session), level, PASSWORD];
  const app = start("wine", args, { env, onOutput, stdio: ["pipe", "pipe", "pipe"], timeout: 240_000, killSignal: "SIGKILL" });
  const { status, output } = await app.ended;
  assert.equal(status, 0, output);
  assert.match(output, /^done/m);
  return moments;
}

const inside = ([left, top], [x, y, width, height], by) => [left + x + by, top + y + by, width - 2 * by, height - 2 * by];
const [NAME_FIELD, PASSWORD_FIELD, LIST] = [[90, 16, 200, 22], [90, 48, 200, 22], [16, 86, 414, 112]];

test("under Wine each moment of the replay is what the window was", { timeout: 600_000, skip: noWine }, async (context) => {
  const moments = await drive(await build("app"), SESSION, "light");
  const events = await desk.viewer.events("win32-app", SESSION);
  assert.deepEqual(Object.keys(moments), ["start", "typed", "shown", "minimized"]);
  const keys = events.filter(({ type, data }) => type === 5 && data.tag === "key").map(({ data }) => data.payload.key);
  assert.deepEqual(keys, ["F5"]);
  assert.ok(!JSON.stringify(events).includes(PASSWORD));
  for (const [name, { client, screen }] of Object.entries(moments)) {
    const { windows, picture, page, close } = await replayedAt(desk, `win32-${name}`, events, isMoment(name));
    keepPicture(`win32-${name}-app`, screen);
    keepPicture(`win32-${name}-replay`, picture);
    const [window] = windows;
    assert.deepEqual([windows.length, window.isShown], [1, name !== "minimized"]);
    assert.equal(window.title, ["shown", "minimized"].includes(name) ? "Orders (signed in)" : "Orders");
    if (window.isShown) {
      // Without its title bar, but with its menu bar, which lies above its client area.
      const [left, top, width, height] = client;
      assert.deepEqual([window.place[0], window.place[1] + window.place[3], window.place[2]], [left, top + height, width]);
      assert.ok(window.place[3] > height, "the menu bar");
      const masked = PASSWORD_FIELD[1] - 4;
      const apart = await rmse(page, [screen, picture], [window.place[0], window.place[1], width, window.place[3] - height + masked]);
      context.diagnostic(`${name}: RMSE ${apart.toFixed(4)}`);
      assert.ok(apart < 0.04, `${name}: ${apart}`);
    }
    if (name === "typed" || name === "shown") {
      assert.ok((await unevenness(page, screen, inside(client, PASSWORD_FIELD, 3))) > 80, "the password is seen on the screen");
      for (const field of name === "shown" ? [PASSWORD_FIELD, LIST] : [PASSWORD_FIELD]) {
        assert.ok((await unevenness(page, picture, inside(client, field, 3))) <= 12, `${name}: what is masked is seen`);
      }
      assert.ok((await unevenness(page, picture, inside(client, NAME_FIELD, 4))) > 80, "the name is no password");
    }
    await close();
  }
});

test("under Wine, PrintWindow runs handlers that do their worst; in the level medium fields are masked", { timeout: 600_000, skip: noWine }, async () => {
  const printed = await build("printed", "drive", "-DSR_WIN32_READS_WINDOW=false", "-DMIN_DEEDS=4");
  await drive(printed, SESSION + 1, "medium");
  const moments = await drive(await build("medium"), SESSION + 2, "medium");
  const events = await desk.viewer.events("win32-app", SESSION + 2);
  const { picture, page, close } = await replayedAt(desk, "win32-medium", events, isMoment("typed"));
  keepPicture("win32-medium-replay", picture);
  for (const field of [NAME_FIELD, PASSWORD_FIELD]) {
    assert.ok((await unevenness(page, picture, inside(moments.typed.client, field, 3))) <= 12);
  }
  await close();
});

/** In the frame's client area: what is seen of the password behind, one that was a password for a moment, a name, and the button in front. */
const [BEHIND, LATE, NAME, BUTTON] = [[34, 75, 170, 20], [34, 115, 148, 20], [34, 155, 148, 20], [244, 63, 240, 60]];
const IN_DIALOG = [20, 20, 200, 24];

test("under Wine, documents and dialogs: what is a password is masked, and what lies over one is seen", { timeout: 600_000, skip: noWine }, async (context) => {
  const moments = await drive(await build("parts", "parts"), SESSION + 3, "light");
  assert.deepEqual(Object.keys(moments), ["documents", "dialog"]);
  const events = await desk.viewer.events("win32-app", SESSION + 3);
  const seen = {};
  for (const name of Object.keys(moments)) {
    const { windows, picture, page, close } = await replayedAt(desk, `win32-${name}`, events, isMoment(name));
    keepPicture(`win32-${name}-app`, moments[name].screen);
    keepPicture(`win32-${name}-replay`, picture);
    const { client, screen } = moments[name];
    seen[name] = windows.map(({ title }) => title);
    for (const field of name === "documents" ? [BEHIND, LATE] : [IN_DIALOG]) {
      assert.ok((await unevenness(page, screen, inside(client, field, 3))) > 80, `${field} is seen on the screen`);
      assert.ok((await unevenness(page, picture, inside(client, field, 3))) <= 12, `${name}: ${field} is seen in the replay`);
    }
    if (name === "documents") {
      assert.ok((await unevenness(page, picture, inside(client, NAME, 4))) > 80, "the name is no password");
      const apart = await rmse(page, [screen, picture], inside(client, BUTTON, 0));
      context.diagnostic(`the button that draws itself, over the password: RMSE ${apart.toFixed(4)}`);
      assert.ok(apart < 0.04, `the button: ${apart}`);
    }
    await close();
  }
  assert.deepEqual(seen, { documents: ["Documents"], dialog: ["Documents", "Sign in"] });
});
