// Each archive of `make dist-all` in build/dist: a program is built from what is in it and nothing else, with the shared and with
// the static library, runs under qemu or Wine where it is not this machine's, and delivers. What can't be run is skipped by name.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PLATFORMS } from "../../scripts/dist-platforms.mjs";
import { command } from "../support/children.mjs";
import { onPath, project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";
import { compilerOfMuslOfArm64, skipOf, wineEnvironment } from "./runtimes.mjs";

const DIST = join(project, "build/dist");
const EVENTS = 100;

const NO_LIBGCC = "the libgcc_eh.a of Debian's GCC wants glibc";

/** How a program for a platform is compiled, and what runs it. `prepare` has more of it made. */
const HOSTS = {
  "linux-x64": { compiler: "x86_64-linux-gnu-gcc", runner: [] },
  "linux-arm64": { compiler: "aarch64-linux-gnu-gcc", runner: ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"] },
  "linux-x64-musl": { compiler: "musl-gcc", runner: [], noStatic: NO_LIBGCC },
  "linux-arm64-musl": { compiler: "aarch64-linux-gnu-gcc", runner: ["qemu-aarch64-static"], noStatic: NO_LIBGCC, prepare: useMuslOfArm64 },
  "win32-x64": { compiler: "x86_64-w64-mingw32-gcc", runner: ["wine"] },
};

const archives = existsSync(DIST) ? readdirSync(DIST).filter((file) => file.endsWith(".tar.gz")) : [];
const [, version] = /^version = "(.*)"$/m.exec(readFileSync(join(project, "Cargo.toml"), "utf8"));
let folder, viewer;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-archives-"));
  viewer = await startViewer();
});

after(async () => {
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Its compiler and its root are made of Debian's packages for arm64. */
async function useMuslOfArm64() {
  const { compiler, root } = await compilerOfMuslOfArm64(mkdtempSync(join(folder, "musl-")));
  return { compiler, runner: ["qemu-aarch64-static", "-L", root] };
}

const archiveOf = (platform) => `session-replay-${version}-${platform}.tar.gz`;

/** Unpacks an archive into a folder of its own. */
async function unpack(platform) {
  await command("tar", ["xzf", join(DIST, archiveOf(platform)), "-C", folder]);
  return join(folder, archiveOf(platform).replace(".tar.gz", ""));
}

/** What compiles and runs a program for a platform, made once. */
const hosts = new Map();
const hostOf = (platform) => hosts.get(platform) ?? hosts.set(platform, HOSTS[platform].prepare?.() ?? HOSTS[platform]).get(platform);

/** Builds the host with CMake against an unpacked archive. */
async function build(platform, unpacked, kind) {
  const { compiler } = await hostOf(platform);
  const into = join(folder, `${platform}-${kind}`);
  const args = [`-DCMAKE_SYSTEM_NAME=${PLATFORMS[platform].windows ? "Windows" : "Linux"}`, `-DCMAKE_C_COMPILER=${compiler}`];
  args.push(`-DCMAKE_PREFIX_PATH=${unpacked}`, `-DSessionReplay_USE_STATIC_LIBS=${kind === "static" ? "ON" : "OFF"}`);
  await command("cmake", ["-S", join(project, "tests/archives"), "-B", into, ...args]);
  await command("cmake", ["--build", into]);
  if (!PLATFORMS[platform].windows) return join(into, "host");
  // A program for Windows finds its libraries beside itself; Wine 8 lacks one of Windows.
  if (kind === "shared") copyFileSync(join(unpacked, "bin/session_replay.dll"), join(into, "session_replay.dll"));
  await command("x86_64-w64-mingw32-gcc", ["-shared", "-o", join(into, "bcryptprimitives.dll"), join(project, "scripts/cross/bcryptprimitives.c"), "-ladvapi32"]);
  return join(into, "host.exe");
}

async function delivers(platform, program) {
  const [runner, ...args] = [...(await hostOf(platform)).runner, program, viewer.url, String(EVENTS)];
  const before = (await viewer.events("archive", "1732300000000")).length;
  const said = await command(runner, args, { env: wineEnvironment(folder), timeout: 600_000 });
  assert.match(said, new RegExp(`^${version.replaceAll(".", "\\.")}\\r?$`, "m"));
  assert.equal((await viewer.events("archive", "1732300000000")).length - before, EVENTS);
}

for (const [platform, { glibc, gnu, windows }] of Object.entries(PLATFORMS)) {
  const { compiler, runner: [runner], noStatic } = HOSTS[platform];
  const tool = [compiler, runner].find((name) => name && !onPath(name));
  const missing = !archives.includes(archiveOf(platform)) ? `no archive: \`make dist-all\` makes it` : tool && `${tool} is not installed`;
  const options = { timeout: 1_200_000, skip: skipOf(platform, missing) };

  test(`${platform}: what is in the archive`, options, async () => {
    const unpacked = await unpack(platform);
    for (const file of ["include/session_replay.h", "include/session_replay.hpp", "lib/cmake/SessionReplay/SessionReplayConfig.cmake",
      "lib/pkgconfig/session_replay.pc", "LICENSE", "THIRD-PARTY-NOTICES.txt", "lib/libsession_replay.a"]) {
      assert.ok(existsSync(join(unpacked, file)), file);
    }
    const sum = createHash("sha256").update(readFileSync(join(DIST, archiveOf(platform)))).digest("hex");
    assert.ok(readFileSync(join(DIST, "SHA256SUMS"), "utf8").includes(`${sum}  ${archiveOf(platform)}\n`));
  });

  test(`${platform}: the shared library`, options, async () => {
    await delivers(platform, await build(platform, await unpack(platform), "shared"));
  });

  test(`${platform}: the static library`, { ...options, skip: missing || noStatic }, async () => {
    await delivers(platform, await build(platform, await unpack(platform), "static"));
  });

  if (glibc) {
    test(`${platform}: no symbol of a glibc later than ${glibc}`, options, async () => {
      const table = await command(`${gnu}-objdump`, ["-T", join(await unpack(platform), "lib/libsession_replay.so")]);
      const versions = [...table.matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => Number(major) * 1000 + Number(minor));
      const [major, minor] = glibc.split(".").map(Number);
      assert.ok(versions.length > 10 && Math.max(...versions) <= major * 1000 + minor, `it wants ${Math.max(...versions)}`);
    });
  }

  if (windows) {
    test(`${platform}: MSVC's import library`, options, async () => {
      const unpacked = await unpack(platform);
      const into = join(folder, "import");
      await command("cmake", ["-E", "make_directory", into]);
      copyFileSync(join(unpacked, "bin/session_replay.dll"), join(into, "session_replay.dll"));
      const args = ["-std=c99", `-I${join(unpacked, "include")}`, join(project, "tests/archives/host.c"), join(unpacked, "lib/session_replay.dll.lib")];
      await command(compiler, [...args, "-o", join(into, "host.exe")]);
      await command(compiler, ["-shared", "-o", join(into, "bcryptprimitives.dll"), join(project, "scripts/cross/bcryptprimitives.c"), "-ladvapi32"]);
      await delivers(platform, join(into, "host.exe"));
    });
  }
}
