// Each system's own package: which one npm brings, what is said where it is missing, and that what is said helps; and that a bundle
// finds it where a package manager shows it to the package alone.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "esbuild";
import { command, run } from "../support/children.mjs";
import { layOutPlatformPackage } from "../../bindings/node/scripts/pack.mjs";
import { HERE, npmPack } from "../support/npm-package.mjs";
import { startOwnRegistry } from "../support/npm-registry.mjs";
import { libraryPath } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";
import { fixtures } from "./support/fixtures.mjs";
import { environmentOf } from "./support/registries.mjs";
import { assertRecorded, assertSays, runProgram } from "./support/programs.mjs";
import { PINNED, npm, useSetup, write } from "./support/setup.mjs";
import { MUST_HAVE_ALL, programOf } from "./support/tools.mjs";
import { installs } from "./tools/managers.mjs";

const setup = await useSetup();
const viewer = await startViewer();
const registry = await startOwnRegistry(setup.folder);
after(async () => {
  await viewer.stop();
  await registry.stop();
});

const OURS = "session-replay-native";
const shop = (more = {}) => JSON.stringify({ name: "shop", private: true, dependencies: { [OURS]: "*" }, ...PINNED, ...more });

/** A new app that asks for the package, with nothing installed. */
function makeShop(files = {}) {
  const cwd = mkdtempSync(join(setup.places, "shop-"));
  write(cwd, { "package.json": shop(), ...fixtures("report.cjs", "server.cjs"), ...files });
  return cwd;
}

const start = (cwd) => runProgram(viewer, process.execPath, ["server.cjs"], { cwd });

for (const [options, system] of [
  [[], HERE],
  [["--os=linux", "--cpu=x64", "--libc=musl"], "linux-x64-musl"],
  [["--os=linux", "--cpu=arm64", "--libc=glibc"], "linux-arm64"],
  [["--os=win32", "--cpu=x64"], "win32-x64"],
  [["--os=darwin", "--cpu=arm64"], "darwin-arm64"],
]) {
  test(`npm install ${options.join(" ")} brings the package of ${system}, and no other`, async () => {
    const before = registry.fetched.length;
    await npm({ cache: mkdtempSync(join(setup.folder, "cache-")) }, makeShop(), "--registry", registry.url, "install", "--ignore-scripts", ...options);
    const asked = new Set(registry.fetched.slice(before));
    assert.deepEqual([...asked].sort(), [OURS, `${OURS}-${system}`]);
  });
}

/** npm 10, which has the fault: https://github.com/npm/cli/issues/4828. Newer ones refuse such a lock file. */
const npm10 = (cwd, ...args) =>
  command(process.execPath, [programOf("npm-10/bin/npm-cli.js"), ...args, "--registry", registry.url, ...QUIET, "--cache", join(setup.cache, "npm-10")], { cwd });
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** A lock file that npm 10 made on another system, beside a node_modules: it is without the packages of all the others. */
async function lockOfAnotherSystem(cwd) {
  const other = ["--os=darwin", "--cpu=arm64"];
  await npm10(cwd, "install", ...other);
  rmSync(join(cwd, "package-lock.json"));
  await npm10(cwd, "install", ...other);
  rmSync(join(cwd, "node_modules"), { recursive: true });
}

test("with a lock file of another system the log names both packages, and what it says to run helps", async () => {
  const cwd = makeShop();
  await lockOfAnotherSystem(cwd);
  await npm10(cwd, "ci");
  const packages = readFileSync(join(cwd, "package-lock.json"), "utf8");
  assert.ok(!packages.includes(`node_modules/${OURS}-${HERE}"`), "this npm has no such fault");
  const again = "remove node_modules and package-lock.json, and run `npm install` on this system, without --omit=optional";
  assertSays(await start(cwd), [`@koromix/koffi-${HERE}`, `the package ${OURS}-${HERE} is not installed`, again]);
  // Where koffi's is there, ours alone is told.
  await npm10(cwd, "install", "--no-save", `@koromix/koffi-${HERE}`);
  const second = await start(cwd);
  assertSays(second, [`can't be loaded: the package ${OURS}-${HERE} is not installed: ${again}`]);
  assert.doesNotMatch(second.stderr, /koffi/);
  for (const name of ["node_modules", "package-lock.json"]) rmSync(join(cwd, name), { recursive: true });
  await npm10(cwd, "install");
  assertRecorded(await start(cwd));
});

test("with --omit=optional the log names both packages, and what it says to run helps", async () => {
  const cwd = makeShop();
  const install = (...more) => npm({ cache: setup.cache }, cwd, "--registry", registry.url, "install", "--ignore-scripts", ...more);
  await install("--omit=optional");
  assertSays(await start(cwd), [`@koromix/koffi-${HERE}`, `the package ${OURS}-${HERE} is not installed`, "without --omit=optional"]);
  for (const name of ["node_modules", "package-lock.json"]) rmSync(join(cwd, name), { recursive: true });
  await install();
  assertRecorded(await start(cwd));
});

test("a bundle takes the package of its own version where an older one lies at the top of node_modules", async () => {
  const cwd = makeShop();
  await npm({ cache: setup.cache }, cwd, "--registry", registry.url, "install", "--ignore-scripts");
  const [top, nested] = [join(cwd, "node_modules"), join(cwd, "node_modules", OURS, "node_modules")].map((at) => join(at, `${OURS}-${HERE}`));
  cpSync(top, nested, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
  write(top, { "package.json": JSON.stringify({ ...manifest, version: "0.0.9" }) });
  mkdirSync(join(cwd, "out"));
  await build({ absWorkingDir: cwd, entryPoints: ["server.cjs"], outfile: "out/server.cjs", bundle: true, platform: "node", logLevel: "error" });
  assertRecorded(await runProgram(viewer, process.execPath, ["out/server.cjs"], { cwd }));
});

/** What the copy command says to do, as `{ file, setting, command }`; `file`: where a setting goes. */
function adviceIn(said) {
  const setting = /Write `([^`]*)` into (\S+),/.exec(said);
  const [, command] = /[Rr]un `([^`]*)`/.exec(said) ?? assert.fail(said);
  return { setting: setting?.[1], file: setting?.[2], command: command.split(" ") };
}

const OTHER = "win32-x64";
const [platform, arch] = OTHER.split("-");
const everywhere = installs.filter(({ use, member, objection }) => !member && !objection && !use.startsWith("--"));
for (const made of everywhere) {
  test(`another system's files with ${made.tool} (${made.use}): what the copy command says brings them`, { skip: !MUST_HAVE_ALL && "not for this system" }, async () => {
    const own = mkdtempSync(join(setup.folder, "registry-"));
    for (const name of readdirSync(setup.folder).filter((one) => one.endsWith(".tgz"))) cpSync(join(setup.folder, name), join(own, name));
    layOutPlatformPackage(join(own, "to-pack"), OTHER, libraryPath);
    await npmPack(join(own, "to-pack"), own);
    const packages = await startOwnRegistry(own);
    try {
      const cwd = makeShop(made.files);
      const env = { ...process.env, ...environmentOf(packages.url, join(own, "cache")), ...made.env };
      const tool = ([name, ...args]) => run(programOf(name), args, { cwd, env });
      const ends = async (call) => assert.equal((await call).status, 0, (await call).output);
      await ends(tool(made.install));
      const cli = made.run ? [made.run[0], "run", OURS] : ["node", `node_modules/${OURS}/dist/packaging/cli.js`];
      const copy = () => tool([...cli, "copy", "out", "--platform", platform, "--arch", arch]);
      const refused = await copy();
      assert.equal(refused.status, 1, refused.output);
      const { setting, file, command } = adviceIn(refused.output);
      if (setting !== undefined) appendFileSync(join(cwd, file), `${setting}\n`);
      const subcommand = made.install.indexOf("install");
      assert.equal(command[1], "install");
      await ends(tool([...made.install.slice(0, subcommand), ...command.slice(1)]));
      await ends(copy());
      assert.ok(readFileSync(join(cwd, "out/session_replay.node")).equals(readFileSync(libraryPath)));
      assert.ok(existsSync(join(cwd, "out/koffi.node")));
      // What the package manager keeps is as it was: it goes on with this system.
      await ends(tool(made.install));
      const [runner, ...before] = made.run ?? ["node"];
      assertRecorded(await runProgram(viewer, programOf(runner), [...before, "server.cjs"], { cwd, env }));
    } finally {
      await packages.stop();
    }
  });
}

const MANAGERS = installs.filter(({ tool, member, env, objection }) => ["pnpm", "Yarn"].includes(tool) && !member && !env && !objection);
for (const made of MANAGERS) {
  test(`a bundle beside what ${made.tool} (${made.use}) installed`, { skip: !MUST_HAVE_ALL && "not for this system" }, async () => {
    const cwd = makeShop(made.files);
    const env = { ...process.env, ...environmentOf(registry.url, setup.cache), ...made.env };
    const [name, ...args] = made.install;
    const { status, output } = await run(programOf(name), args, { cwd, env });
    assert.equal(status, 0, output);
    mkdirSync(join(cwd, "out"));
    await build({ absWorkingDir: cwd, entryPoints: ["server.cjs"], outfile: "out/server.cjs", bundle: true, platform: "node", logLevel: "error" });
    const [runner, ...before] = made.run ?? ["node"];
    assertRecorded(await runProgram(viewer, programOf(runner), [...before, "out/server.cjs"], { cwd, env }));
  });
}
