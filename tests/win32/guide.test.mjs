// The Win32 program of the guide, as it stands there: compiled by MinGW.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { command } from "../support/children.mjs";
import { programOf } from "../support/guide.mjs";
import { project } from "../support/paths.mjs";

const COMPILER = "x86_64-w64-mingw32-gcc";
const isThere = spawnSync(COMPILER, ["--version"], { stdio: "ignore" }).status === 0;
const skip = !isThere && `${COMPILER} is not installed: \`scripts/install-tools.sh win32\` installs it`;

test('the program of views.md, "Win32", compiles without a warning', { timeout: 120_000, skip }, async () => {
  const program = programOf("Win32", "win32.c");
  const warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror"];
  const object = join(project, "build/guide/win32.o");
  await command(COMPILER, ["-std=c99", ...warnings, "-Iinclude", "-Ibindings/win32", "-c", program, "-o", object], { cwd: project });
});
