// What bundlers keep of the package (`sideEffects`): the preload script, which is imported for what it does alone, and of
// everything else what is used.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build } from "esbuild";
import { rollup } from "rollup";
import webpack from "webpack";
import { packed } from "./support/packed.mjs";

const place = packed();

/** Each as its own page shows it, for the browser or Node.js; `electron` is there at run time. */
const BUNDLERS = {
  async esbuild(entry, outfile, platform) {
    await build({ entryPoints: [entry], outfile, bundle: true, platform, external: ["electron"] });
  },
  async webpack(entry, outfile, platform) {
    const output = { path: place.folder, filename: outfile.slice(place.folder.length + 1) };
    const externals = { electron: "commonjs electron" };
    const target = platform === "browser" ? "web" : "node";
    const stats = await promisify(webpack)({ mode: "production", target, entry, output, externals });
    assert.ok(!stats.hasErrors(), stats.toString());
  },
  async rollup(entry, outfile, platform) {
    const plugins = [nodeResolve({ browser: platform === "browser" }), commonjs({ ignore: ["electron"] })];
    const made = await rollup({ input: entry, external: ["electron"], plugins });
    await made.write({ file: outfile, format: "cjs" });
  },
};

async function bundle(name, what, source, platform = "browser") {
  const [entry, outfile] = ["mjs", "out.js"].map((end) => join(place.folder, `${name}-${what}.${end}`));
  writeFileSync(entry, source);
  await BUNDLERS[name](entry, outfile, platform);
  return readFileSync(outfile, "utf8");
}

for (const name of Object.keys(BUNDLERS)) {
  test(`${name} keeps the preload script that is imported for what it does`, async () => {
    const made = await bundle(name, "preload", 'import "session-replay-native/electron/preload";');
    assert.ok(made.includes("exposeInMainWorld"), made.slice(0, 1000));
  });

  test(`${name} drops what a page imports and does not use`, async () => {
    const made = await bundle(
      name,
      "page",
      `import { getSessionReplayProperties, init } from "session-replay-native";
       import { createSegmentPlugin } from "session-replay-native/segment";
       import { sessionReplayPlugin } from "session-replay-native/amplitude";
       globalThis.properties = getSessionReplayProperties();`,
    );
    assert.ok(made.includes("getSessionReplayProperties"), made.slice(0, 1000));
    for (const unused of ["attach() takes them in the main process", "amplitudeApiKey", "TextDecoder"]) {
      assert.ok(!made.includes(unused), `${unused} is in the bundle, of ${made.length} characters`);
    }
  });

  test(`${name} drops all that a main process imports and does not use`, async () => {
    const made = await bundle(
      name,
      "main",
      `import { init } from "session-replay-native";
       import { attach } from "session-replay-native/electron/main";
       globalThis.used = "used";`,
      "node",
    );
    assert.ok(made.includes("used") && made.length < 1000, made);
  });
}
