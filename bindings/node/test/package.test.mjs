// What a user gets: the packed package in an empty folder, at run time and for TypeScript.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { command } from "../../../tests/support/children.mjs";
import { SESSION, payloads } from "../../../tests/support/events.mjs";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";
import { binary, packageFolder } from "./support/package.mjs";

let viewer, folder;
before(async () => {
  viewer = await startViewer();
  folder = mkdtempSync(join(tmpdir(), "session-replay-package-"));
  // As `npm pack` does by itself, but in a copy, with the tests' own build of the library, and without building what
  // other tests are running.
  const cwd = join(folder, "package");
  for (const part of ["dist", "esm", "scripts", "package.json", "README.md"]) {
    cpSync(join(packageFolder, part), join(cwd, part), { recursive: true });
  }
  await command(process.execPath, ["scripts/copy-library.mjs", libraryPath], { cwd });
  await command("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd });
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
  const tarball = `./session-replay-native-${version}.tgz`;
  // A cache of its own: npm unpacks there, and another npm that runs meanwhile would be in its way.
  const npm = ["install", "--offline", "--no-audit", "--no-fund", "--omit=peer", "--cache", join(folder, "cache")];
  await command("npm", [...npm, tarball], { cwd: folder });
  // `npm install koffi`, and Electron's types, without the network.
  for (const name of ["koffi", "@koromix", "electron", "@types", "undici-types"]) {
    cpSync(join(packageFolder, "node_modules", name), join(folder, "node_modules", name), { recursive: true });
  }
});
after(async () => {
  await viewer.stop();
  rmSync(folder, { recursive: true });
});

for (const [kind, file, load] of [
  ["an ES module", "run.mjs", 'import * as sessionReplay from "session-replay-native";'],
  ["CommonJS", "run.cjs", 'const sessionReplay = require("session-replay-native");'],
]) {
  test(`the packed package records from ${kind} in an empty folder, with its own library`, async () => {
    const { libraryPath: _path, ...options } = viewer.options({ deviceId: file, sessionId: SESSION });
    writeFileSync(
      join(folder, file),
      `${load}
      (async () => {
        await sessionReplay.init("key", ${JSON.stringify(options)}).promise;
        sessionReplay.record({ type: 5, timestamp: 1, data: { tag: "test", payload: "packed" } });
        console.log(await sessionReplay.shutdown(20_000));
      })();`,
    );
    const env = { ...process.env, SESSION_REPLAY_LIBRARY: "", SESSION_REPLAY_BACKEND: "" };
    assert.equal(await command(process.execPath, [file], { cwd: folder, env }), "ok\n");
    assert.deepEqual(payloads(await viewer.events(file, SESSION)), ["packed"]);
  });
}

const STRICT = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: [], target: "es2022" };
for (const [kind, source, name, compilerOptions] of [
  ["an ES module", "consumer", "consumer.mts", { module: "node16", moduleResolution: "node16" }],
  ["CommonJS", "consumer", "consumer.cts", { module: "node16", moduleResolution: "node16" }],
  ["CommonJS without subpath exports", "consumer", "node10.ts", { module: "commonjs", moduleResolution: "node10" }],
  ["a bundler", "consumer", "consumer.ts", { module: "esnext", moduleResolution: "bundler" }],
  ["Electron's main process", "main-process", "main.cts", { module: "node16", moduleResolution: "node16" }],
]) {
  test(`a strict TypeScript host compiles for ${kind}`, async () => {
    cpSync(join(packageFolder, "test/consumer", `${source}.ts`), join(folder, name));
    const project = join(folder, `tsconfig.${name}.json`);
    writeFileSync(project, JSON.stringify({ compilerOptions: { ...STRICT, ...compilerOptions }, files: [name] }));
    assert.equal(await command(process.execPath, [binary(packageFolder, "tsc"), "--project", project]), "");
  });
}
