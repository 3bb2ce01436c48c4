// Finding the FFI package and the native library, and what is said where there is none.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, test } from "node:test";
import * as esm from "session-replay-native";
import { command } from "../../../tests/support/children.mjs";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { packageFolder } from "./support/package.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-library-"));
after(() => rmSync(folder, { recursive: true }));

/** A copy of the package with these FFI packages beside it. */
function install(name, packages = ["koffi", "@koromix"]) {
  const home = join(folder, name, "node_modules");
  for (const part of ["dist", "esm", "package.json"])
    cpSync(join(packageFolder, part), join(home, "session-replay-native", part), { recursive: true });
  for (const one of packages) cpSync(join(packageFolder, "node_modules", one), join(home, one), { recursive: true });
  return join(folder, name);
}

/** Starts recording in a process there, and answers with what was said. */
function init(home, options = {}, env = {}) {
  const given = JSON.stringify({ enableRemoteConfig: false, ...options });
  const program = `require(${JSON.stringify(join(home, "node_modules/session-replay-native"))}).init("key", ${given}).promise
    .then(() => console.log("started"), (error) => console.log(error.status, error.message))`;
  const rest = { ...process.env, SESSION_REPLAY_LIBRARY: "", SESSION_REPLAY_BACKEND: "koffi", ...env };
  return command(process.execPath, ["--eval", program], { env: rest, cwd: folder });
}

const own = join("prebuilds", `${process.platform}-${process.arch}`, "session_replay.node");

test("import and require give the same recorder and the same names", () => {
  const cjs = createRequire(import.meta.url)("session-replay-native");
  assert.deepEqual(Object.keys(esm).sort(), Object.keys(cjs).sort());
  for (const name of Object.keys(cjs)) assert.equal(esm[name], cjs[name], name);
});

test("without a library one error names the places that were looked at", async () => {
  const home = install("nothing");
  const said = await init(home);
  assert.match(said, /^library-not-found /);
  assert.ok(said.includes(join(home, "node_modules/session-replay-native", own)), said);
  assert.match(said, /the system's loader/);
  assert.match(said, /libraryPath or the environment variable SESSION_REPLAY_LIBRARY/);
});

test("the option comes before the variable, that before the package's own, that before the system's", async () => {
  const home = install("order");
  const wrong = join(folder, "wrong.so");
  writeFileSync(wrong, "no library");
  assert.equal(await init(home, { libraryPath }, { SESSION_REPLAY_LIBRARY: wrong }), "started\n");
  const said = await init(home, {}, { SESSION_REPLAY_LIBRARY: wrong });
  assert.match(said, /^library-not-found /);
  assert.ok(said.includes(`${wrong} (the variable SESSION_REPLAY_LIBRARY)`) && !said.includes("prebuilds"), said);
  assert.equal(await init(home, {}, { SESSION_REPLAY_LIBRARY: libraryPath }), "started\n");
  assert.match(
    await init(home, { libraryPath: join(folder, "nowhere.so") }),
    /nowhere\.so \(the option libraryPath\): there is no such file/,
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
    libraryPath: join(packageFolder, "node_modules/ref-napi/build/Release/binding.node"),
  });
  assert.match(said, /^library-not-found /);
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
  assert.match(await init(bare, {}, env), /^backend-not-found .*koffi or ffi-napi.*`npm install koffi`/);
  assert.match(await init(bare, { backend: "ffi-napi" }, env), /^backend-not-found .*`npm install ffi-napi ref-napi`/);
  assert.match(
    await init(bare, {}, { SESSION_REPLAY_BACKEND: "ffi" }),
    /SESSION_REPLAY_BACKEND must be "koffi" or "ffi-napi", but is "ffi"/,
  );
});
