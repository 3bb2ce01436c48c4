// Finding the FFI package and the native library, and what is said where there is none.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, test } from "node:test";
import * as esm from "session-replay-native";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { install as installIn, runInstalled } from "./support/installed.mjs";
import { koffiAddon } from "./support/package.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-library-"));
after(() => rmSync(folder, { recursive: true }));

const install = (name, packages) => installIn(join(folder, name), packages);

/** Starts recording in a process there, and answers with what was said. */
async function init(home, options = {}, env = {}) {
  const body = `
    const stats = () => sessionReplay.stats();
    sessionReplay.on("log", ({ level, message }) => level === "error" && console.log(message));
    sessionReplay.init("key", ${JSON.stringify({ enableRemoteConfig: false, ...options })}).promise
      .then(() => stats().state === "not-initialized" || console.log("started"));
    if (stats().state === "not-initialized") console.log("advice:", stats().advice);`;
  const { status, signal, output } = await runInstalled(home, body, { env });
  assert.deepEqual([status, signal], [0, null], output);
  return output;
}

const LIBRARY_NOT_LOADED = /^advice: init failed: the session-replay library for [\w-]+ can't be loaded: .*\ninit failed: the session-replay/;
const own = join("prebuilds", `${process.platform}-${process.arch}`, "session_replay.node");

test("import and require give the same recorder and the same names", () => {
  const cjs = createRequire(import.meta.url)("session-replay-native");
  assert.deepEqual(Object.keys(esm).sort(), Object.keys(cjs).sort());
  for (const name of Object.keys(cjs)) assert.equal(esm[name], cjs[name], name);
});

test("without a library one error names the places that were looked at", async () => {
  const home = install("nothing");
  const said = await init(home);
  assert.match(said, LIBRARY_NOT_LOADED);
  assert.ok(said.includes(join(home, "node_modules/session-replay-native", own)), said);
  assert.match(said, /the system's loader/);
  assert.match(said, /the package session-replay-native-[\w-]+: not installed/);
  assert.match(said, /the package session-replay-native-[\w-]+ is not installed: .*, or .*libraryPath or the variable SESSION_REPLAY_LIBRARY/);
  assert.doesNotMatch(said, /cargo/, "that is for who builds the library");
});

test("the option comes before the variable, that before the package's own, that before the system's", async () => {
  const home = install("order");
  const wrong = join(folder, "wrong.so");
  writeFileSync(wrong, "no library");
  assert.equal(await init(home, { libraryPath }, { SESSION_REPLAY_LIBRARY: wrong }), "started\n");
  const said = await init(home, {}, { SESSION_REPLAY_LIBRARY: wrong });
  assert.match(said, LIBRARY_NOT_LOADED);
  assert.ok(said.includes(`${wrong} (the variable SESSION_REPLAY_LIBRARY)`) && !said.includes("prebuilds"), said);
  assert.equal(await init(home, {}, { SESSION_REPLAY_LIBRARY: libraryPath }), "started\n");
  assert.match(
    await init(home, { libraryPath: join(folder, "nowhere.so") }),
    /can't be loaded: [^ ]*nowhere\.so \(the option libraryPath\): there is no such file\.\n/,
  );
  if (process.platform === "linux") {
    const places = join(folder, "system");
    mkdirSync(places);
    cpSync(libraryPath, join(places, basename(libraryPath)));
    assert.equal(await init(home, {}, { LD_LIBRARY_PATH: places }), "started\n");
  }
  cpSync(libraryPath, join(home, "node_modules/session-replay-native", own));
  assert.equal(await init(home), "started\n");
});

test("a library that is another one is refused with the name of what it lacks", async () => {
  const home = install("other");
  const said = await init(home, {
    libraryPath: koffiAddon(),
  });
  assert.match(said, LIBRARY_NOT_LOADED);
  assert.match(said, /it is another library, or another version of this one.*sr_string_free/);
});

test("inside an Electron archive the file beside it is taken", async () => {
  const home = install("app.asar");
  const beside = join(folder, "app.asar.unpacked/node_modules/session-replay-native", own);
  cpSync(libraryPath, beside);
  // Electron shows the file inside, too; its loader can't open it.
  const inside = join(home, "node_modules/session-replay-native", own);
  mkdirSync(dirname(inside), { recursive: true });
  writeFileSync(inside, "inside the archive");
  assert.equal(await init(home), "started\n");
});

test("without an FFI package the error says what to install", async () => {
  const bare = install("bare", []);
  const env = { SESSION_REPLAY_BACKEND: "" };
  const said = await init(bare, {}, env);
  assert.match(said, /^advice: init failed: session-replay-native calls its library through koffi, which can't be loaded: install session-replay-native again, which brings koffi\. Looked at: the package koffi: not installed\.\n/);
  assert.match(
    await init(bare, { backend: "ffi-napi" }, env),
    /^advice: init failed: .* through ffi-napi, which can't be loaded: install ffi-napi and ref-napi as dependencies of the app\. Looked at: the package ffi-napi: not installed/,
  );
  assert.match(
    await init(bare, {}, { SESSION_REPLAY_BACKEND: "ffi" }),
    /SESSION_REPLAY_BACKEND must be "koffi" or "ffi-napi", but is "ffi"/,
  );
});
