// The archive that npm shows and installs: linted, with maps that lead to its own sources, links that lead somewhere, and the
// notices of what it holds.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { test } from "node:test";
import { command } from "../support/children.mjs";
import { project } from "../support/paths.mjs";
import { SYSTEMS, packageOf, platformManifest } from "../../bindings/node/scripts/pack.mjs";
import { HERE, platformArchive } from "../support/npm-package.mjs";
import { packed } from "./support/packed.mjs";
import { here } from "./support/typescripts.mjs";

const place = packed();
const tool = (name) => join(here, "node_modules/.bin", name);
const read = (...path) => readFileSync(join(place.package, ...path), "utf8");
const filesIn = (folder) =>
  readdirSync(join(place.package, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => /\.\w+$/.test(name));

test("are the types wrong? has nothing to say", async () => {
  const output = await command(tool("attw"), [place.archive, "--no-color", "--no-emoji"]);
  assert.match(output, /No problems found/);
});

test("publint has nothing to say", async () => {
  const output = await command(tool("publint"), ["run", place.archive, "--strict"]);
  assert.match(output, /All good!/);
});

test("each compiled file has its map, and each map leads to a source in the package", () => {
  const compiled = filesIn("dist").filter((name) => /\.(m?js|d\.ts)$/.test(name) && !name.endsWith("session-replay-preload.js"));
  assert.ok(compiled.length > 100);
  let sources = 0;
  for (const name of compiled) {
    const [, url] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(read(name)) ?? assert.fail(`${name} names no map`);
    const map = join(dirname(name), url);
    for (const source of JSON.parse(read(map)).sources) {
      const file = resolve(place.package, dirname(map), source);
      assert.ok(file.startsWith(join(place.package, "src") + sep) && existsSync(file), `${map}: ${source}`);
      sources++;
    }
  }
  assert.ok(sources > compiled.length / 2);
});

test("README's links are whole addresses, since npm shows it elsewhere", () => {
  const repository = place.manifest.repository.url.replace(/^git\+|\.git$/g, "");
  const links = [...read("README.md").matchAll(/\]\(<?([^)\s>]+)/g)].map(([, target]) => target);
  assert.ok(links.length > 5);
  for (const link of links) {
    assert.match(link, /^https:\/\//);
    if (!link.startsWith(`${repository}/`)) continue;
    const [, path] = /^(?:blob|tree)\/main\/([^#]+)/.exec(link.slice(repository.length + 1)) ?? assert.fail(link);
    assert.ok(existsSync(join(project, path)), link);
  }
});

test("the licence and the notices come along, and so does what the manifest names", () => {
  assert.equal(read("LICENSE"), readFileSync(join(project, "LICENSE"), "utf8"));
  const notices = read("THIRD-PARTY-NOTICES.txt");
  assert.equal(notices, readFileSync(join(project, "THIRD-PARTY-NOTICES.txt"), "utf8"));
  for (const name of ["rustls", "libdeflate-sys", "the Rust standard library", "rrweb", "postcss"]) {
    assert.match(notices, new RegExp(`^${name} .*\\(`, "m"));
  }
  for (const name of place.manifest.sideEffects) assert.ok(existsSync(join(place.package, name)), name);
  assert.ok(existsSync(join(place.package, place.manifest.module)));
});

test("each system's package is an optional dependency of the very same version, and says for whom it is", () => {
  const { version, optionalDependencies, files } = place.manifest;
  const names = Object.keys(SYSTEMS).map(packageOf);
  assert.deepEqual(optionalDependencies, Object.fromEntries(names.sort().map((name) => [name, version])));
  assert.ok(!files.includes("prebuilds"), "the library comes from those packages alone");
  const table = Object.keys(SYSTEMS).map(platformManifest).map(({ name, os, cpu, libc, version: own }) => [name.replace("session-replay-native-", ""), os, cpu, libc, own]);
  assert.deepEqual(table.sort(), [
    ["darwin-arm64", ["darwin"], ["arm64"], undefined, version],
    ["darwin-x64", ["darwin"], ["x64"], undefined, version],
    ["linux-arm64", ["linux"], ["arm64"], ["glibc"], version],
    ["linux-arm64-musl", ["linux"], ["arm64"], ["musl"], version],
    ["linux-x64", ["linux"], ["x64"], ["glibc"], version],
    ["linux-x64-musl", ["linux"], ["x64"], ["musl"], version],
    ["win32-x64", ["win32"], ["x64"], undefined, version],
  ]);
});

test("a system's package has the library, its licences, and a README with whole addresses; publint has nothing to say", async () => {
  const own = join(place.folder, "node_modules", packageOf(HERE));
  assert.deepEqual(readdirSync(own).sort(), ["LICENSE", "README.md", "THIRD-PARTY-NOTICES.txt", "package.json", "session_replay.node"]);
  for (const file of ["LICENSE", "THIRD-PARTY-NOTICES.txt"]) assert.equal(readFileSync(join(own, file), "utf8"), readFileSync(join(project, file), "utf8"));
  for (const [, link] of readFileSync(join(own, "README.md"), "utf8").matchAll(/\]\(([^)]+)/g)) assert.match(link, /^https:\/\//);
  assert.match(await command(tool("publint"), ["run", platformArchive(place.archive), "--strict"]), /All good!/);
});

test("Yarn keeps the package out of its archives: the system's loader can't open a library in one", () => {
  assert.equal(place.manifest.preferUnplugged, true);
});

test("nothing has to run when it is installed, and koffi comes with it", () => {
  const { scripts = {}, dependencies, peerDependenciesMeta } = place.manifest;
  for (const name of ["preinstall", "install", "postinstall"]) assert.equal(scripts[name], undefined);
  assert.deepEqual(Object.keys(dependencies), ["koffi"]);
  assert.deepEqual(peerDependenciesMeta, { "ffi-napi": { optional: true }, "ref-napi": { optional: true } });
  assert.ok(existsSync(join(place.folder, "node_modules/koffi/package.json")));
});
