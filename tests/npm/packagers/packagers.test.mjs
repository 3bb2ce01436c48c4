// Apps of examples/electron, packed by the real packagers, and run as they were packed: what a window records reaches the viewer.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { custom, fullSnapshot, meta, payloads } from "../../support/events.mjs";
import { HERE, pack } from "../../support/npm-package.mjs";
import { project } from "../../support/paths.mjs";
import { startViewer } from "../../support/viewer.mjs";
import { snippetsOf } from "../../support/snippets.mjs";
import { makeApp } from "./support/apps.mjs";
import { electronFolder, electronZip } from "./support/electron-distribution.mjs";
import { buildApp, bundleMain, packageApp } from "./support/packagers.mjs";

const OWN = ["koffi.node", "session-replay-NOTICES.txt", "session-replay-preload.js", "session_replay.node"];
const FOR_THIS_SYSTEM = `session-replay-native-${HERE}/session_replay.node`;
const preload = readFileSync(join(project, "bindings/node/dist/electron/session-replay-preload.js"), "utf8");

let viewer, workshop, archive, electron, zips;
before(async () => {
  viewer = await startViewer();
  workshop = realpathSync(mkdtempSync(join(tmpdir(), "session-replay-packagers-")));
  archive = await pack(workshop);
  electron = electronFolder(join(workshop, "electron"));
  zips = await electronZip(join(workshop, "electron-zips"));
});
after(async () => {
  await viewer?.stop();
  rmSync(workshop, { recursive: true, force: true });
});

afterEach(() => {
  for (const folder of ["workspace", "installed"]) rmSync(join(workshop, folder), { recursive: true, force: true });
});

/** A test in which `packApp` makes an app and packs it, and `check` sees what came out. */
function packs(name, example, packApp, check) {
  test(name, async () => {
    const workspace = join(workshop, "workspace");
    mkdirSync(workspace);
    const packed = await packApp((more) => makeApp(workspace, example, archive, more));
    // As on a user's machine: nothing of the developer's is in a folder above.
    packed.moveTo(join(workshop, "installed"));
    rmSync(workspace, { recursive: true });
    await check(packed, name);
  });
}

/** Runs the packed app: its window has our preload script and this page, and what it records arrives. */
async function records(packed, name, page = "index.html") {
  const events = [meta(), fullSnapshot(), custom(name)].map((event) => JSON.stringify(event)).join("\n");
  const { status, output, report } = await packed.start({ viewer, events });
  assert.equal(status, 0, output);
  assert.equal(report.taken, "taken", output);
  assert.equal(report.page, page, output);
  assert.equal(readFileSync(report.preload, "utf8"), preload, report.preload);
  const sessions = await viewer.sessions();
  const arrived = await Promise.all(sessions.map((session) => viewer.events(session.device_id, session.session_id)));
  assert.ok(payloads(arrived.flat()).includes(name), output);
}

/** The native files in a folder of the packed app. */
const nativesIn = (packed, path) => packed.filesIn(path).filter((name) => name.endsWith(".node")).sort();

/** The archive has the package, and each of its native files lies beside the archive. */
function isUnpacked(packed) {
  const natives = packed.listing().filter((path) => path.endsWith(".node")).map((path) => path.slice(1));
  assert.ok(natives.some((path) => path.endsWith(FOR_THIS_SYSTEM)), natives.join(", "));
  assert.ok(natives.some((path) => path.endsWith("koffi.node")), natives.join(", "));
  assert.deepEqual(nativesIn(packed, "resources/app.asar.unpacked"), natives.sort());
}

/** The archive has the bundle alone; the run-time files are in the resources. */
function isLoose(packed) {
  assert.deepEqual(packed.listing().filter((path) => path.includes("node_modules/")), []);
  const files = readdirSync(packed.resources);
  assert.deepEqual(files.filter((name) => name !== "app.asar").sort(), OWN);
}

packs("electron-builder, with the example's configuration", ".", async (app) => buildApp(await app(), electron), async (packed, name) => {
  isUnpacked(packed);
  await records(packed, name);
});

packs(
  "electron-builder, told to look for no native files, but to unpack them by name",
  ".",
  async (app) => buildApp(await app(), electron, 'module.exports = { asar: { smartUnpack: false }, asarUnpack: ["**/*.node"] };'),
  async (packed, name) => {
    isUnpacked(packed);
    await records(packed, name);
  },
);

packs(
  "electron-builder, with a bundle and node_modules",
  ".",
  async (make) => {
    const app = await make();
    await bundleMain(app);
    return buildApp(app, electron, 'module.exports = { files: ["bundle.js", "index.html"] };');
  },
  async (packed, name) => {
    isUnpacked(packed);
    await records(packed, name);
  },
);

/** The guide's configuration that sets this. */
function shown(name) {
  const texts = snippetsOf("bundlers.md", "electron-builder").map(({ text }) => text);
  return texts.find((text) => text.includes(`exports.${name} =`)) ?? assert.fail(`the guide does not set ${name}`);
}

for (const how of ["extraResources", "afterPack"]) {
  packs(
    `electron-builder, with a bundle alone: ${how}`,
    ".",
    async (make) => {
      const app = await make({ dependencies: "devDependencies" });
      await bundleMain(app);
      return buildApp(app, electron, `exports.files = ["bundle.js", "index.html"];\n${shown(how)}`);
    },
    async (packed, name) => {
      isLoose(packed);
      await records(packed, name);
    },
  );
}

packs("Electron Forge without a bundler", ".", async (app) => packageApp(await app(), zips), async (packed, name) => {
  isUnpacked(packed);
  const unpacked = packed.filesIn("resources/app.asar.unpacked");
  assert.ok(unpacked.every((path) => path.endsWith(".node")), `the plugin's pattern takes no more: ${unpacked}`);
  await records(packed, name);
});

const VITE_PAGE = ".vite/renderer/main_window/index.html";
const WEBPACK_PAGE = ".webpack/renderer/main_window/index.html";
const RUNTIME_FILES = 'config.packagerConfig.extraResource = require("session-replay-native/packaging").runtimeFiles(); config.hooks = {};';
for (const [name, example, page, change, more] of [
  ["Electron Forge's Vite template", "forge-vite", VITE_PAGE],
  ["Electron Forge's Vite template: extraResource", "forge-vite", VITE_PAGE, RUNTIME_FILES],
  ["Electron Forge's Vite template, with koffi 2", "forge-vite", VITE_PAGE, "", { koffi: 2 }],
  ["Electron Forge's webpack template", "forge-webpack", WEBPACK_PAGE],
]) {
  packs(name, example, async (app) => packageApp(await app(more), zips, change), async (packed) => {
    isLoose(packed);
    await records(packed, name, page);
  });
}

/** Runs the app, which records nothing, and answers with what its developer reads. */
async function saysOf(packed) {
  const { output, report } = await packed.start({ viewer, events: "" });
  assert.equal(report.lease, 0, output);
  return output;
}

packs(
  "nothing unpacked: the log names the file in the archive, and what to unpack",
  ".",
  async (app) => packageApp(await app(), zips, "config.plugins = [];"),
  async (packed) => {
    const output = await saysOf(packed);
    assert.match(output, /can't be loaded: \S+app\.asar\S+session_replay\.node [^:]*: it lies inside an archive, which the system's loader can't open/);
    assert.match(output, /have your packager unpack \*\*\/\*\.node/);
  },
);

packs(
  "nothing beside a bundle: the log names the command that copies it",
  "forge-vite",
  async (app) => packageApp(await app(), zips, "config.hooks = {};"),
  async (packed) => {
    const output = await saysOf(packed);
    assert.match(output, /session-replay-preload\.js was not found[^]*npx session-replay-native copy/);
    assert.match(output, /koffi, which can't be loaded[^]*npx session-replay-native copy/);
  },
);
