// What docs/guide/sdl.md shows compiles.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { codeOf, compileBody } from "../support/page-code.mjs";
import { project } from "../support/paths.mjs";

const BEFORE = "#include <session_replay_sdl.h>\nextern SDL_Window *window;\nextern SDL_Surface *surface;\nextern bool running;\nvoid draw(void);";
const COMPILERS = { c: ["gcc", "-std=c99", "-Wpedantic"], cpp: ["g++", "-x", "c++", "-std=c++17"] };

test("the guide's code compiles", { timeout: 120_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "session-replay-guide-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const flags = execFileSync("pkg-config", ["--cflags", "sdl2", "imgui"], { encoding: "utf8" }).trim().split(/\s+/);
  const blocks = codeOf("sdl.md");
  assert.deepEqual(blocks.map(({ language }) => language), ["c", "c", "c", "cpp"]);
  for (const { language, code } of blocks) {
    const before = language === "cpp" ? `${BEFORE}\n#include <session_replay_imgui.h>` : BEFORE;
    await compileBody([...COMPILERS[language], ...flags, "-I", join(project, "bindings/sdl")], code, before, folder);
  }
});
