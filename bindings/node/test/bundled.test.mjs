// A program that a bundler has made one file of, package and all: it finds the native parts that no bundle can hold, as loose
// files beside it, in the resources of an Electron app, or as packages, and says what is missing where they are not there.
import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { command } from "../../../tests/support/children.mjs";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { install, plainEnv } from "./support/installed.mjs";
import { koffiAddon, packageFolder } from "./support/package.mjs";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "session-replay-bundled-")));
after(() => rmSync(folder, { recursive: true }));

const PROGRAM = `
  import * as sessionReplay from "session-replay-native";
  sessionReplay.init("key", { deviceId: "d", sessionId: 1732300000000, sampleRate: 1, enableRemoteConfig: false,
    trackServerUrl: "http://127.0.0.1:9/" }).promise.then(() => {
      console.log("recorded:", sessionReplay.record({ type: 5, timestamp: 1, data: {} }));
      process.exit(0);
    });`;

/** A folder of the machine that built, and what webpack, bun and others write of it into a bundle. */
const builder = join(folder, "of-the-builder");
const BUILDER = Object.fromEntries(
  Object.entries({
    __dirname: builder,
    __filename: join(builder, "index.js"),
    "import.meta.dirname": builder,
    "import.meta.url": pathToFileURL(join(builder, "index.mjs")).href,
  }).map(([name, value]) => [name, JSON.stringify(value)]),
);

/** What the program was bundled into: a CommonJS file, and an ES module. */
const bundles = { cjs: join(folder, "bundle.cjs"), esm: join(folder, "bundle.mjs") };
before(async () => {
  const installed = install(join(folder, "built-from"), []);
  const stdin = { contents: PROGRAM, resolveDir: installed };
  const sourcemap = "inline";
  for (const [format, outfile] of Object.entries(bundles)) {
    await build({ stdin, outfile, format, bundle: true, platform: "node", logLevel: "error" });
    const outfileOfBuilder = outfile.replace("bundle.", "builder.");
    await build({ stdin, outfile: outfileOfBuilder, define: BUILDER, sourcemap, format, bundle: true, platform: "node", logLevel: "error" });
  }
  rmSync(installed, { recursive: true });
});

const put = (file, ...to) => cpSync(file, join(...to), { recursive: true });

/** Runs the bundle in a folder; `resources`: as Electron says where the app's resources are. */
function run(home, format, resources, before = "") {
  const file = join(home, `bundle.${format === "esm" ? "mjs" : "cjs"}`);
  put(bundles[format], file);
  const electron = resources ? ["--import", `data:text/javascript,${before}process.resourcesPath=${JSON.stringify(resources)}`] : [];
  return command(process.execPath, [...electron, file], { cwd: tmpdir(), env: plainEnv() });
}

for (const format of ["cjs", "esm"]) {
  test(`${format}: loose files beside the bundle are found, and nothing else is needed`, async () => {
    const home = join(folder, `loose-${format}`);
    put(libraryPath, home, "session_replay.node");
    put(koffiAddon(), home, "koffi.node");
    assert.match(await run(home, format), /^recorded: needs-full-snapshot$/m);
  });

  test(`${format}: loose files in the app's resources are found`, async () => {
    const resources = join(folder, `resources-${format}`);
    put(libraryPath, resources, "session_replay.node");
    put(koffiAddon(), resources, "koffi.node");
    assert.match(await run(join(folder, `in-app-${format}`), format, resources), /^recorded: needs-full-snapshot$/m);
  });

  test(`${format}: the packages of an app in its resources are found, and the library of the platform's package`, async () => {
    const resources = join(folder, `packages-${format}`);
    const modules = join(resources, "app/node_modules");
    for (const one of ["koffi", "@koromix"]) put(join(packageFolder, "node_modules", one), modules, one);
    put(libraryPath, modules, `session-replay-native-${process.platform}-${process.arch}`, "session_replay.node");
    assert.match(await run(join(folder, `with-packages-${format}`), format, resources), /^recorded: needs-full-snapshot$/m);
  });

  test(`${format}: without them each is named, and how it gets there`, async () => {
    const home = join(folder, `alone-${format}`);
    mkdirSync(home);
    assert.match(await run(home, format), /can't be loaded: copy the run-time files for this system beside the bundle, with `npx session-replay-native copy <folder>`\. Looked at: .*koffi\.node \(beside the bundle\): there is no such file/);
    put(koffiAddon(), home, "koffi.node");
    const said = await run(home, format);
    assert.match(said, /can't be loaded: copy the run-time files for this system beside the bundle, with `npx session-replay-native copy <folder>`, or name/);
    assert.match(said, /session_replay\.node \(beside the bundle\): there is no such file/);
    put(libraryPath, home, "session_replay.node");
    assert.match(await run(home, format), /^recorded: needs-full-snapshot$/m, "what is advised helps");
  });

  test(`${format}: a packed Electron app is told of its resources, not of a folder beside its bundle`, async () => {
    const resources = join(folder, `packed-${format}`);
    const isPacked = `Object.defineProperty(process.versions,"electron",{value:"30.0.0"});`;
    const said = await run(join(folder, `in-packed-${format}`), format, resources, isPacked);
    assert.match(said, /can't be loaded: have your packager copy the run-time files for this system into the app's resources, with copyRuntimeFiles/);
    assert.doesNotMatch(said, /copy [^;]*beside the bundle/);
  });
}

const onLinux = { skip: process.platform === "linux" ? false : "anybody's folder is made by its mode" };

test("what another user has put into a folder above the program is not run", onLinux, async () => {
  const world = join(folder, "world");
  const [app, resources, mark] = [join(world, "opt/app/out"), join(world, "opt/resources"), join(folder, "was-run")];
  for (const made of [app, resources]) mkdirSync(made, { recursive: true });
  chmodSync(world, 0o1777);
  const plant = (path, text) => {
    mkdirSync(join(world, path, ".."), { recursive: true });
    writeFileSync(join(world, path), text);
  };
  const trap = `require("fs").writeFileSync(${JSON.stringify(mark)}, "run")`;
  // As this package, around the bundle's folders, with a library; and as koffi, above the resources and the entry script.
  plant("opt/package.json", JSON.stringify({ name: "session-replay-native", version: "0.1.0" }));
  plant("package.json", JSON.stringify({ name: "session-replay-native", version: "0.1.0" }));
  for (const at of [world, join(world, "opt")]) put(koffiAddon(), at, `prebuilds/${process.platform}-${process.arch}/session_replay.node`);
  plant("node_modules/koffi/package.json", JSON.stringify({ name: "koffi", main: "index.js" }));
  plant("node_modules/koffi/index.js", trap);
  put(koffiAddon(), resources, "koffi.node");
  put(libraryPath, resources, "session_replay.node");
  for (const format of ["cjs", "esm"]) {
    assert.match(await run(app, format, resources), /^recorded: needs-full-snapshot$/m);
    assert.ok(!existsSync(mark), format);
  }
  // From elsewhere, with the entry script there: neither the script's parents' packages, nor a resources path that is relative.
  const elsewhere = join(folder, "elsewhere");
  put(bundles.cjs, join(elsewhere, "bundle.cjs"));
  plant("opt/app/start.cjs", `process.resourcesPath = "resources"; require(${JSON.stringify(join(elsewhere, "bundle.cjs"))})`);
  const said = await command(process.execPath, [join(world, "opt/app/start.cjs")], { cwd: join(world, "opt"), env: plainEnv() });
  assert.match(said, /koffi\.node \(beside the bundle\): there is no such file/);
  assert.doesNotMatch(said, /resources/);
  assert.ok(!existsSync(mark));
});

for (const format of ["cjs", "esm"]) {
  for (const args of [[], ["--enable-source-maps"], ["--stack-trace-limit=0"]]) {
    const how = [format, ...args].join(" ");
    test(`${how}: a bundle that names its builder's folder goes by its own, whatever lies in that one`, async () => {
      const planted = join(builder, "node_modules/koffi/index.js");
      mkdirSync(join(planted, ".."), { recursive: true });
      writeFileSync(planted, 'console.log("planted code ran");');
      const home = mkdtempSync(join(folder, "entered-"));
      const name = `builder.${format === "esm" ? "mjs" : "cjs"}`;
      put(join(folder, name), home, "app", name);
      put(libraryPath, home, "app/session_replay.node");
      put(koffiAddon(), home, "app/koffi.node");
      mkdirSync(join(home, "entry"));
      writeFileSync(join(home, "entry/start.mjs"), `await import("../app/${name}");`);
      const said = await command(process.execPath, [...args, join(home, "entry/start.mjs")], { cwd: tmpdir(), env: plainEnv() });
      assert.doesNotMatch(said, /planted/);
      assert.match(said, /^recorded: needs-full-snapshot$/m);
    });
  }
}
