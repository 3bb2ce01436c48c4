// The archive of the system that this runs on: programs in C and C++ are built from it, by the compiler that CMake finds here (on Windows
// MSVC's), and deliver. It needs no more than Node.js and CMake: the release workflow runs it on macOS and Windows themselves. On Windows the
// guide's first program is built by the guide's line, too: start this where `cl` can be called.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { command } from "../support/children.mjs";
import { codeOf } from "../support/page-code.mjs";
import { project } from "../support/paths.mjs";

const IS_WINDOWS = process.platform === "win32";
const [, version] = /^version = "(.*)"$/m.exec(readFileSync(join(project, "Cargo.toml"), "utf8"));
const name = `session-replay-${version}-${process.platform}-${process.arch}`;
const limit = { timeout: 600_000 };
let folder, unpacked, server, url, arrived;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-here-"));
  // In the folder: to GNU's tar, C: is another computer.
  execFileSync("tar", ["-xzf", `${name}.tar.gz`], { cwd: join(project, "build/dist") });
  unpacked = join(folder, "session-replay");
  execFileSync("cmake", ["-E", "copy_directory", join(project, "build/dist", name), unpacked]);
  server = createServer(receive);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function receive(request, response) {
  const parts = await request.toArray();
  const body = Buffer.concat(parts);
  const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  arrived.push(...JSON.parse(text.toString()).events);
  response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
}

/** Builds a project with CMake; answers with its program. */
async function build(source, program, kind) {
  const into = join(folder, `${program}-${kind}`);
  const args = [`-DCMAKE_PREFIX_PATH=${unpacked}`, "-DCMAKE_BUILD_TYPE=Release", `-DSessionReplay_USE_STATIC_LIBS=${kind === "static" ? "ON" : "OFF"}`];
  const said = await command("cmake", ["-S", join(project, source), "-B", into, ...args], limit);
  console.log(/ compiler identification is .*/.exec(said)?.[0]);
  await command("cmake", ["--build", into, "--config", "Release"], limit);
  const built = IS_WINDOWS ? [join(into, "Release"), into].find((it) => existsSync(join(it, `${program}.exe`))) : into;
  if (IS_WINDOWS) copyFileSync(join(unpacked, "bin/session_replay.dll"), join(built, "session_replay.dll"));
  return join(built, IS_WINDOWS ? `${program}.exe` : program);
}

// The archive for Windows has no static library for MSVC.
for (const kind of IS_WINDOWS ? ["shared"] : ["shared", "static"]) {
  test(`${name}: a program in C with the ${kind} library delivers`, limit, async () => {
    const program = await build("tests/archives", "host", kind);
    arrived = [];
    assert.equal((await command(program, [url, "100"])).trim(), version);
    assert.deepEqual(arrived.map((event) => JSON.parse(event).data.payload), [...Array(100).keys()]);
  });

  test(`${name}: a program in C++ with the ${kind} library delivers`, limit, async () => {
    const program = await build("tests/windows", "segment", kind);
    arrived = [];
    assert.match(await command(program, [url]), /\[Amplitude\] Session Replay ID/);
    assert.ok(arrived.length > 0);
  });
}

test("the guide's first program, by its line for cl, delivers", { ...limit, skip: !IS_WINDOWS && "this is no Windows" }, async () => {
  const blocks = codeOf("windows.md");
  const into = join(folder, "guide");
  mkdirSync(into);
  renameSync(unpacked, join(into, "session-replay"));
  const { code } = blocks.find((block) => block.language === "c" && block.code.includes("int main("));
  writeFileSync(join(into, "hello.c"), code.replace("http://127.0.0.1:8787", url));
  const lines = blocks.find((block) => block.language === "bat" && block.code.includes("\ncl ")).code.trim().split("\n");
  for (const line of lines) await command("cmd", ["/d", "/c", line], { ...limit, cwd: into });
  arrived = [];
  assert.equal((await command(join(into, "hello.exe"), [], { cwd: into })).trim(), "delivered");
  assert.ok(arrived.length > 0);
});
