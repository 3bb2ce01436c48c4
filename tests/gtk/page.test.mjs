// What docs/guide/gtk.md shows is the example, and compiles.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { codeOf, compileBody } from "../support/page-code.mjs";
import { project } from "../support/paths.mjs";
import { versions } from "./programs.mjs";

test("the guide's program is the example's, and its other code compiles", { timeout: 120_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "session-replay-guide-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const [program, ...others] = codeOf("gtk.md").filter(({ language }) => language === "c");
  assert.equal(program.code, readFileSync(join(project, "examples/gtk/main.c"), "utf8"));
  assert.notEqual(others.length, 0);
  for (const version of versions) {
    const flags = execFileSync("pkg-config", ["--cflags", version === 4 ? "gtk4" : "gtk+-3.0"], { encoding: "utf8" }).trim().split(/\s+/);
    const compiler = ["gcc", "-std=c11", ...flags, "-I", join(project, "bindings/gtk")];
    for (const { code } of others) await compileBody(compiler, code, "#include <session_replay_gtk.h>\nGtkWidget *token;", folder);
  }
});
