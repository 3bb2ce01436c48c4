// `window.sessionReplay` has types in a page that imports those of the preload script, and nothing else of ours.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { command } from "../../support/children.mjs";
import { project } from "../../support/paths.mjs";
import { makeApp, packPackage } from "./support/app.mjs";

const tsc = join(project, "bindings/node/node_modules/typescript/bin/tsc");
const page = readFileSync(new URL("support/page.ts", import.meta.url), "utf8");
const ways = [
  ["esnext", "bundler"],
  ["node16", "node16"],
  ["esnext", "node10"],
];

test("a page that uses the global compiles, strictly, with each way to resolve modules", async () => {
  await packPackage();
  for (const [module, moduleResolution] of ways) {
    const options = { target: "es2022", lib: ["es2022", "dom"], types: [], strict: true, noEmit: true, skipLibCheck: false };
    const config = { compilerOptions: { ...options, module, moduleResolution }, files: ["page.ts"] };
    const app = makeApp({ "page.ts": page, "tsconfig.json": JSON.stringify(config) });
    await command(process.execPath, [tsc, "-p", app]);
  }
});
