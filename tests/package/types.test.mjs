// Strict hosts in every TypeScript that is installed here, with each `moduleResolution` that it knows. Declarations are checked,
// too (`skipLibCheck: false`).
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { install, nodePackage, pack } from "../support/npm-package.mjs";
import { cells, compile, compilers, here, RESOLUTIONS } from "./support/typescripts.mjs";

let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-types-"));
  await install(await pack(folder), folder);
  const modules = join(folder, "node_modules");
  for (const name of ["@types/node", "undici-types"]) {
    cpSync(join(here, "node_modules", name), join(modules, name), { recursive: true });
  }
  for (const name of ["package.json", "electron.d.ts"]) {
    cpSync(join(nodePackage, "node_modules/electron", name), join(modules, "electron", name));
  }
});
after(() => rmSync(folder, { recursive: true }));

/** Names of their own for the files of each program, since programs run side by side. */
const named = (host, cell, extension) => {
  const { compiler, how } = cell;
  return [host, `${host}-${compiler.version}-${how.resolution}-${extension}.${extension}`];
};
const row = ({ compiler, how }, what) => `TypeScript ${compiler.version}, ${how.resolution}: ${what}`;

describe("types", { concurrency: 2 }, () => {
  for (const cell of cells) {
    const { esModule, commonJs } = cell.how.extensions;
    test(row(cell, "a host, with Node.js' types"), async () => {
      const extensions = [esModule, commonJs].filter(Boolean);
      const files = extensions.map((extension) => named("host", cell, extension));
      assert.equal(await compile(folder, cell, files, { types: ["node"] }), "");
    });
    test(row(cell, "a host, without Node.js' and the browser's types, its module syntax verbatim"), async () => {
      const files = [];
      if (esModule) files.push(["host", `verbatim-${named("host", cell, esModule)[1]}`]);
      if (commonJs) files.push(named("required", cell, commonJs));
      const options = { types: [], lib: ["es2022"], verbatimModuleSyntax: true };
      assert.equal(await compile(folder, cell, files, options), "");
    });
    // Bundlers refuse it themselves, and old compilers leave it to them.
    const skip = cell.how.resolution === "bundler";
    test(row(cell, "a default import, which does not compile"), { skip }, async () => {
      const files = [esModule, commonJs].filter(Boolean).map((extension) => named("default-import", cell, extension));
      assert.equal(await compile(folder, cell, files, { types: [], esModuleInterop: true, skipLibCheck: true }), "");
    });
    if (cell.how.resolution === "node10") continue;
    test(row(cell, "a page, with the condition browser"), async () => {
      const files = [named("page", cell, esModule)];
      assert.equal(await compile(folder, cell, files, { types: [], customConditions: ["browser"] }), "");
    });
  }
  for (const compiler of compilers) {
    const cell = { compiler, how: RESOLUTIONS.find(({ resolution }) => resolution === "node16") };
    // Electron's declarations want newer ones of Node.js than those that every compiler here understands.
    test(row(cell, "Electron's main process"), async () => {
      const files = [named("main-process", cell, "cts"), named("main-process", cell, "mts")];
      assert.equal(await compile(folder, cell, files, { types: [], skipLibCheck: true }), "");
    });
  }
});
