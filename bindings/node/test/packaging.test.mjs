// `session-replay-native/packaging` and the command `session-replay-native`, in folders as npm fills them.
import assert from "node:assert/strict";
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { systemName } from "../dist/locating/system.js";
import { systemOf } from "../dist/packaging/target.js";
import { run } from "../../../tests/support/children.mjs";
import { KOFFI, copyPackage } from "../../../tests/support/npm-package.mjs";

const NAMES = ["session_replay.node", "koffi.node", "session-replay-preload.js", "session-replay-NOTICES.txt"];
const HERE = `${process.platform}-${process.arch}`;
const OTHER = process.platform === "darwin" ? { platform: "win32", arch: "x64" } : { platform: "darwin", arch: "arm64" };
const OTHER_NAME = `${OTHER.platform}-${OTHER.arch}`;

let folder, modules, own;
before(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "session-replay-packaging-")));
  modules = join(folder, "node_modules");
  own = copyPackage(modules, { library: true, packages: KOFFI });
});
after(() => rmSync(folder, { recursive: true }));

function put(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const packaging = () => createRequire(join(folder, "app.js"))("session-replay-native/packaging");

/** Puts files below node_modules for the time of a function. */
function having(files, body) {
  for (const [path, content] of Object.entries(files)) put(join(modules, path), content);
  try {
    return body();
  } finally {
    for (const path of Object.keys(files)) rmSync(dirname(join(modules, path)), { recursive: true, force: true });
  }
}

/** Takes a file or folder away for the time of a function. */
function without(path, body) {
  cpSync(path, `${path}.away`, { recursive: true });
  rmSync(path, { recursive: true });
  try {
    return body();
  } finally {
    cpSync(`${path}.away`, path, { recursive: true });
    rmSync(`${path}.away`, { recursive: true });
  }
}

test("this system's files are there, by the names that a bundle looks for", async () => {
  const files = packaging().runtimeFiles();
  assert.deepEqual(files.map((file) => basename(file)), NAMES);
  assert.equal(files[0], join(own, "prebuilds", HERE, "session_replay.node"));
  assert.equal(typeof createRequire(import.meta.url)(files[1]).load, "function");
  assert.equal(files[2], join(own, "dist/electron/session-replay-preload.js"));
  assert.ok(files.every(existsSync));
  const module = await import(`file://${join(own, "esm/packaging.mjs")}`);
  assert.deepEqual({ ...module }, { ...packaging() });
});

test("another system's files are found where its packages are installed", () => {
  const other = {
    [`session-replay-native/prebuilds/${OTHER_NAME}/session_replay.node`]: "library",
    [`@koromix/koffi-${OTHER_NAME}/package.json`]: JSON.stringify({ name: `@koromix/koffi-${OTHER_NAME}` }),
    [`@koromix/koffi-${OTHER_NAME}/${OTHER_NAME.replace("-", "_")}/koffi.node`]: "koffi",
  };
  having(other, () => {
    const expected = Object.keys(other).filter((path) => path.endsWith(".node")).map((path) => join(modules, path));
    assert.deepEqual(packaging().runtimeFiles(OTHER).slice(0, 2), expected);
  });
});

test("a platform's own package has the library, too", () => {
  const name = "session-replay-native-linux-x64-musl";
  const { version } = JSON.parse(readFileSync(join(own, "package.json"), "utf8"));
  const files = { [`${name}/package.json`]: JSON.stringify({ name, version }), [`${name}/session_replay.node`]: "library" };
  files["@koromix/koffi-linux-x64/package.json"] = JSON.stringify({ name: "@koromix/koffi-linux-x64" });
  files["@koromix/koffi-linux-x64/musl_x64/koffi.node"] = "koffi";
  const target = { platform: "linux", arch: "x64", libc: "musl" };
  without(join(modules, "@koromix"), () =>
    having(files, () => {
      const [library, koffi] = packaging().runtimeFiles(target);
      assert.equal(library, join(modules, name, "session_replay.node"));
      assert.equal(koffi, join(modules, "@koromix/koffi-linux-x64/musl_x64/koffi.node"));
      put(join(modules, `${name}/package.json`), JSON.stringify({ name, version: "0.0.9" }));
      assert.throws(() => packaging().runtimeFiles(target), /is of version 0\.0\.9, and session-replay-native is /);
    }),
  );
});

test("an error names each file that is missing, and the command that brings it", () => {
  const { version } = JSON.parse(readFileSync(join(modules, "koffi/package.json"), "utf8"));
  const { version: ownVersion } = JSON.parse(readFileSync(join(own, "package.json"), "utf8"));
  const nobodys = { platform: "freebsd", arch: "x64" };
  assert.throws(() => packaging().runtimeFiles(nobodys), (error) => {
    const [, library] = error.message.split("\n");
    assert.match(library, /session_replay\.node: this version of session-replay-native has no library for freebsd-x64; it has those for darwin-arm64, /);
    return !/session-replay-native-freebsd/.test(error.message);
  });
  assert.throws(() => packaging().runtimeFiles(OTHER), (error) => {
    assert.equal(error.status, "library-not-found");
    assert.match(error.message, new RegExp(`^the run-time files for ${OTHER_NAME} are not complete:\n`));
    assert.match(error.message, new RegExp(`- session_replay.node: the package session-replay-native-${OTHER_NAME} is not installed\\.\n`));
    assert.match(error.message, new RegExp(`- koffi.node: the package @koromix/koffi-${OTHER_NAME} is not installed\\.\n`));
    const packages = `session-replay-native-${OTHER_NAME}@${ownVersion} @koromix/koffi-${OTHER_NAME}@${version}`;
    assert.ok(error.message.endsWith(`Run \`npm install --no-save --force ${packages}\`.`), error.message);
    assert.doesNotMatch(error.message, /preload/);
    return true;
  });
  // npm would damage what another package manager keeps.
  const { platform, arch } = OTHER;
  for (const [mark, told] of [
    ["pnpm-lock.yaml", `Write \`supportedArchitectures: { os: [current, ${platform}], cpu: [current, ${arch}] }\` into pnpm-workspace.yaml, and run \`pnpm install\`.`],
    ["yarn.lock", `Write \`supportedArchitectures: { os: [current, ${platform}], cpu: [current, ${arch}] }\` into .yarnrc.yml, and run \`yarn install\`.`],
    ["bun.lock", `Run \`bun install --os=${platform} --cpu=${arch}\` and copy, then \`bun install\` for this system again.`],
    ["node_modules/.yarn-integrity", "Run `yarn install --force --ignore-platform`, which brings those of all systems."],
  ]) {
    put(join(folder, mark), "");
    assert.throws(() => packaging().runtimeFiles(OTHER), ({ message }) => message.endsWith(told) && !/\bnpm /.test(message), mark);
    rmSync(join(folder, mark));
  }
  const preload = join(own, "dist/electron/session-replay-preload.js");
  without(preload, () => assert.throws(() => packaging().runtimeFiles(), /- session-replay-preload\.js: .* is not there/));
  const koffi = join(modules, "koffi");
  without(koffi, () => assert.throws(() => packaging().runtimeFiles(), /- koffi\.node: .*Install session-replay-native again: koffi comes with it/));
});

for (const [target, message] of [
  [{ platform: "../x" }, /"platform" must be a name as process\.platform has it, but is "\.\.\/x"/],
  [{ arch: 1 }, /"arch" must be a name as process\.arch has it, but is 1/],
  [{ arch: "universal" }, /ask for "x64" and for "arm64"/],
  [{ libc: "uclibc" }, /"libc" must be "glibc" or "musl", but is "uclibc"/],
  [{ platform: "darwin", libc: "musl" }, /only linux has/],
]) {
  test(`a target that is none is refused: ${JSON.stringify(target)}`, () => {
    assert.throws(() => packaging().runtimeFiles(target), (error) => error.status === "invalid-argument" && message.test(error.message));
  });
}

test("a target is a system by the packagers' names, too; a Linux that is named has glibc, whatever the host has", () => {
  const [musl, glibc] = ["musl", "glibc"].map((libc) => ({ platform: "linux", arch: "x64", libc }));
  const mac = { platform: "darwin", arch: "arm64" };
  for (const [target, host, name] of [
    [{ platform: "linux", arch: "armv7l" }, mac, "linux-arm"],
    [{ platform: "mas", arch: "x64" }, mac, "darwin-x64"],
    [undefined, mac, "darwin-arm64"],
    [{ platform: "linux" }, mac, "linux-arm64"],
    [{ platform: "linux", libc: "musl" }, mac, "linux-arm64-musl"],
    [undefined, musl, "linux-x64-musl"],
    [{}, musl, "linux-x64-musl"],
    [{ arch: "arm64" }, musl, "linux-arm64-musl"],
    [{ libc: "glibc" }, musl, "linux-x64"],
    [{ platform: "linux", arch: "x64" }, musl, "linux-x64"],
    [{ platform: "linux", arch: "x64", libc: "musl" }, musl, "linux-x64-musl"],
    [{ platform: "win32" }, musl, "win32-x64"],
    [{ libc: "musl" }, glibc, "linux-x64-musl"],
  ]) {
    const system = systemOf(target, host);
    assert.equal(systemName(system), name, JSON.stringify([target, host]));
    if (system.platform === "linux") assert.equal(system.libc, name.endsWith("musl") ? "musl" : "glibc");
  }
});

test("files are copied over those of before, and none where one is missing", () => {
  const copies = join(folder, "copies");
  put(join(copies, "koffi.node"), "older");
  const files = packaging().copyRuntimeFiles(copies);
  assert.deepEqual(files, NAMES.map((name) => join(copies, name)));
  // Not by deepEqual: it would compare megabytes line by line to say what differs.
  packaging().runtimeFiles().forEach((file, i) => assert.ok(readFileSync(file).equals(readFileSync(files[i])), files[i]));
  assert.throws(() => packaging().copyRuntimeFiles(join(folder, "none"), OTHER));
  assert.equal(existsSync(join(folder, "none")), false);
});

test("the notices that come along name who wrote what", () => {
  const [, , , notices] = packaging().runtimeFiles();
  const text = readFileSync(notices, "utf8");
  for (const licence of [new URL("../LICENSE", import.meta.url), join(modules, "koffi/LICENSE.txt")]) {
    assert.ok(text.includes(readFileSync(licence, "utf8").trim()), String(licence));
  }
  for (const name of ["rustls", "rrweb", "the Rust standard library"]) assert.match(text, new RegExp(`^${name} .*\\(`, "m"));
});

test("a folder that is a link to the files' own takes none away", { skip: process.platform === "win32" }, () => {
  const linked = join(folder, "linked");
  const prebuilds = join(own, "prebuilds", HERE);
  symlinkSync(prebuilds, linked);
  const before = readFileSync(join(prebuilds, "session_replay.node"));
  packaging().copyRuntimeFiles(linked);
  assert.ok(readFileSync(join(linked, "session_replay.node")).equals(before));
  assert.ok(lstatSync(join(prebuilds, "session_replay.node")).isFile());
  for (const name of NAMES.slice(1)) rmSync(join(prebuilds, name));
  rmSync(linked);
});

test("a link at a copy's place is replaced, and what it leads to stays as it is", { skip: process.platform === "win32" }, () => {
  const target = join(folder, "of-others.txt");
  put(target, "of others");
  const place = join(folder, "with-link", "session-replay-preload.js");
  mkdirSync(dirname(place));
  symlinkSync(target, place);
  packaging().copyRuntimeFiles(dirname(place));
  assert.equal(readFileSync(target, "utf8"), "of others");
  assert.ok(lstatSync(place).isFile());
});

test("where the copying breaks off, what was there stays, and nothing half is left", { skip: process.platform === "win32" }, async () => {
  const place = join(folder, "broken-off");
  put(join(place, "session_replay.node"), "older");
  // No file may be larger than this: the library's copy breaks off.
  const cli = JSON.stringify(join(own, "dist/packaging/cli.js"));
  const ended = await run("sh", ["-c", `trap "" XFSZ; ulimit -f 200; exec ${JSON.stringify(process.execPath)} ${cli} copy broken-off`], { cwd: folder });
  assert.equal(ended.status, 1, ended.output);
  assert.match(ended.output, /EFBIG/);
  assert.deepEqual(readdirSync(place), ["session_replay.node"]);
  assert.equal(readFileSync(join(place, "session_replay.node"), "utf8"), "older");
});

for (const [args, status, output] of [
  [["copy", "out"], 0, /^\S+session_replay\.node\n\S+koffi\.node\n\S+session-replay-preload\.js\n\S+session-replay-NOTICES\.txt\n$/],
  [["copy", "out", "--platform", process.platform, `--arch=${process.arch}`], 0, /koffi\.node/],
  [["copy", "missing", "--platform", OTHER.platform, "--arch", OTHER.arch], 1, /^session-replay-native: the run-time files for/],
  [["copy", "bad", "--libc", "uclibc"], 2, /"libc" must be[^]*Usage: session-replay-native copy/],
  [["copy", "bad", "--what"], 2, /Unknown option '--what'[^]*Usage/],
  [["copy"], 2, /no folder is given/],
  [["copy", "bad", "more"], 2, /too many arguments: more/],
  [["move", "bad"], 2, /there is no command move/],
  [[], 2, /no command is given/],
  [["-h"], 0, /^ {2}-h, --help/m],
  [["--help"], 0, /^Usage: session-replay-native copy <folder>/],
]) {
  test(`session-replay-native ${args.join(" ")} ends with ${status}`, async () => {
    const { bin } = JSON.parse(readFileSync(join(own, "package.json"), "utf8"));
    const ended = await run(process.execPath, [join(own, bin["session-replay-native"]), ...args], { cwd: folder });
    assert.equal(ended.status, status, ended.output);
    assert.match(ended.output, output);
    if (status === 0 && args[0] === "copy") assert.deepEqual(readdirSync(join(folder, "out")).sort(), [...NAMES].sort());
    else assert.ok(!args[1] || !existsSync(join(folder, args[1])));
  });
}
