// What bindings/qt makes of a picture is that picture, in few bytes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { run } from "../support/children.mjs";
import { hasPackages } from "../support/cmake.mjs";
import { project } from "../support/paths.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-qt-icons-"));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const version of [6, 5]) {
  const module = `Qt${version}Gui`;
  test(`Qt ${version}: each kind of picture has its pixels, no profile and no text, and a palette where that is less`, { timeout: 300_000, skip: !hasPackages(module) && `Qt ${version} is not installed` }, async () => {
    const flags = (what) => execFileSync("pkg-config", [what, module], { encoding: "utf8" }).trim().split(/\s+/);
    const program = join(folder, `icons${version}`);
    execFileSync("g++", ["-std=c++17", "-fPIC", "-Wall", "-Wextra", "-Werror", ...flags("--cflags"), join(project, "tests/qt/icons.cpp"), "-o", program, ...flags("--libs")]);
    const { status, output } = await run(program, []);
    assert.equal(status, 0, output);
  });
}
