// Where files are looked for at run time: the decision as tables, and the search itself in folders that are laid out as a
// bundler or packager lays them out.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { isRuntime } from "../dist/locating/executable.js";
import { findPackageFolder } from "../dist/locating/package-folder.js";
import { packageManagerOf } from "../dist/locating/package-manager.js";
import { anchorsOf, dependencyAnchors, libraryPlaces, looseFiles, packageFilePlaces } from "../dist/locating/places.js";
import { resolveFrom } from "../dist/locating/runtime-require.js";
import { resourcesFolder } from "../dist/locating/surroundings.js";
import { libcOf, systemName, thisSystem } from "../dist/locating/system.js";
import { command } from "../../../tests/support/children.mjs";
import { packageFolder } from "./support/package.mjs";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "session-replay-locating-")));
after(() => rmSync(folder, { recursive: true }));

const LINUX = { platform: "linux", arch: "x64", libc: "glibc" };
const PACKAGE = "/app/node_modules/session-replay-native";
const nothing = () => undefined;

/** What `require.resolve` answers, where these are installed in the node_modules of a folder. */
const installed = (root, ...requests) => (request, from) =>
  from.startsWith(root) && requests.includes(request) ? `${root}/node_modules/${request}` : undefined;

const LIBRARY = [
  {
    name: "the package in node_modules, in plain Node.js",
    around: { system: LINUX, here: `${PACKAGE}/dist/locating`, packageFolder: PACKAGE, entryFolder: "/app/src" },
    resolve: installed("/app", "session-replay-native-linux-x64/session_replay.node"),
    places: [
      [`${PACKAGE}/prebuilds/linux-x64/session_replay.node`, "the package's own"],
      ["/app/node_modules/session-replay-native-linux-x64/session_replay.node", "the package session-replay-native-linux-x64"],
      ["/app/src/session_replay.node", "beside the entry script"],
      ["libsession_replay.so", "the system's loader"],
    ],
  },
  {
    name: "on musl both the folder and the package are others",
    around: { system: { ...LINUX, libc: "musl" }, here: `${PACKAGE}/dist/locating`, packageFolder: PACKAGE },
    resolve: nothing,
    places: [
      [`${PACKAGE}/prebuilds/linux-x64-musl/session_replay.node`, "the package's own"],
      [undefined, "the package session-replay-native-linux-x64-musl"],
      ["libsession_replay.so", "the system's loader"],
    ],
  },
  {
    name: "a bundle whose packages are installed",
    around: { system: LINUX, here: "/app/out", entryFolder: "/app/out" },
    resolve: installed("/app", "session-replay-native/package.json"),
    places: [
      ["/app/out/session_replay.node", "beside the bundle"],
      [`${PACKAGE}/prebuilds/linux-x64/session_replay.node`, "in the installed session-replay-native"],
      [undefined, "the package session-replay-native-linux-x64"],
      ["libsession_replay.so", "the system's loader"],
    ],
  },
  {
    name: "a bundle beside a node_modules of pnpm, which shows the package's own to it alone",
    around: { system: LINUX, here: "/app/out", entryFolder: "/app/out" },
    resolve: (request, from) => {
      const store = "/app/node_modules/.pnpm/session-replay-native@1/node_modules";
      if (request === "session-replay-native/package.json") return `${store}/${request}`;
      return from.startsWith(`${store}/session-replay-native`) ? `${store}/${request}` : undefined;
    },
    places: [
      ["/app/out/session_replay.node", "beside the bundle"],
      [
        "/app/node_modules/.pnpm/session-replay-native@1/node_modules/session-replay-native/prebuilds/linux-x64/session_replay.node",
        "in the installed session-replay-native",
      ],
      [
        "/app/node_modules/.pnpm/session-replay-native@1/node_modules/session-replay-native-linux-x64/session_replay.node",
        "the package session-replay-native-linux-x64",
      ],
      ["libsession_replay.so", "the system's loader"],
    ],
  },
  {
    name: "a bundle beside two versions of this system's package: the older one at the top, which the app asked for by itself, and the package's own",
    around: { system: LINUX, here: "/app/out" },
    resolve: (request, from) => {
      if (request === "session-replay-native/package.json") return `${PACKAGE}/package.json`;
      return from === PACKAGE ? `${PACKAGE}/node_modules/${request}` : `/app/node_modules/${request}`;
    },
    places: [
      ["/app/out/session_replay.node", "beside the bundle"],
      [`${PACKAGE}/prebuilds/linux-x64/session_replay.node`, "in the installed session-replay-native"],
      ["/app/node_modules/session-replay-native-linux-x64/session_replay.node", "the package session-replay-native-linux-x64"],
      [`${PACKAGE}/node_modules/session-replay-native-linux-x64/session_replay.node`, "the package session-replay-native-linux-x64"],
      ["libsession_replay.so", "the system's loader"],
    ],
  },
  {
    name: "no package is asked for on a system that has none: its name may be anybody's",
    around: { system: { platform: "freebsd", arch: "x64" }, here: `${PACKAGE}/dist/locating`, packageFolder: PACKAGE },
    resolve: installed("/app", "session-replay-native-freebsd-x64/session_replay.node"),
    places: [
      [`${PACKAGE}/prebuilds/freebsd-x64/session_replay.node`, "the package's own"],
      ["libsession_replay.so", "the system's loader"],
    ],
  },
  {
    name: "a bundle that was built on another machine, in a packaged Electron app",
    around: {
      system: { platform: "darwin", arch: "arm64" },
      here: "/build/dist",
      resourcesPath: "/A.app/Contents/Resources",
      executableFolder: "/A.app/Contents/MacOS",
      isPackedApp: true,
    },
    resolve: installed("/A.app/Contents/Resources/app.asar", "session-replay-native-darwin-arm64/session_replay.node"),
    places: [
      ["/A.app/Contents/Resources/session_replay.node", "the app's resources"],
      [
        "/A.app/Contents/Resources/app.asar/node_modules/session-replay-native-darwin-arm64/session_replay.node",
        "the package session-replay-native-darwin-arm64",
      ],
    ],
  },
  {
    name: "a single executable for Windows",
    around: { system: { platform: "win32", arch: "x64" }, here: "C:\\App", entryFolder: "C:\\App", executableFolder: "C:\\App" },
    resolve: nothing,
    places: [
      ["C:\\App\\session_replay.node", "beside the bundle"],
      [undefined, "the package session-replay-native-win32-x64"],
    ],
  },
  {
    name: "the option is the only place",
    around: { system: LINUX, here: "/app/out" },
    given: { libraryPath: "/a.so", variable: "/b.so" },
    resolve: nothing,
    places: [["/a.so", "the option libraryPath"]],
  },
  {
    name: "the variable is the only place",
    around: { system: LINUX, here: "/app/out" },
    given: { libraryPath: "", variable: "/b.so" },
    resolve: nothing,
    places: [["/b.so", "the variable SESSION_REPLAY_LIBRARY"]],
  },
];

for (const { name, around, given = {}, resolve, places } of LIBRARY) {
  test(`the library's places: ${name}`, () => {
    const found = libraryPlaces(around, given, resolve);
    assert.deepEqual(
      found.map(({ path, source }) => [path, source]),
      places,
    );
  });
}

test("the preload script is the package's, the installed package's, or a loose file", () => {
  const name = "session-replay-preload.js";
  const paths = (around, resolve) =>
    packageFilePlaces({ system: LINUX, ...around }, `dist/electron/${name}`, resolve).map(({ path }) => path);
  const resolve = installed("/app", "session-replay-native/package.json");
  assert.deepEqual(paths({ here: `${PACKAGE}/dist/electron`, packageFolder: PACKAGE }, nothing), [
    `${PACKAGE}/dist/electron/${name}`,
  ]);
  assert.deepEqual(paths({ here: "/app/out", resourcesPath: "/r" }, resolve), [
    `/app/out/${name}`,
    `/r/${name}`,
    `${PACKAGE}/dist/electron/${name}`,
  ]);
  assert.deepEqual(paths({ here: "/app/out" }, nothing), [`/app/out/${name}`]);
});

test("a system has the name of its packages", () => {
  assert.equal(systemName(LINUX), "linux-x64");
  assert.equal(systemName({ ...LINUX, libc: "musl" }), "linux-x64-musl");
  assert.equal(systemName({ platform: "linux", arch: "arm64", libc: undefined }), "linux-arm64");
  assert.equal(systemName({ platform: "win32", arch: "x64" }), "win32-x64");
});

test("the C library is known by the dynamic loader that an executable names", () => {
  const elf = (interpreter) => Buffer.from(`\x7fELF\x02\x01\x01\0\0\0${interpreter}\0`, "latin1");
  const table = [
    [elf("/lib/ld-musl-x86_64.so.1"), "musl"],
    [elf("/lib64/ld-linux-x86-64.so.2"), "glibc"],
    [elf("/lib/ld-linux-aarch64.so.1"), "glibc"],
    [elf("/lib64/ld64.so.2"), "glibc"],
    [elf(""), undefined],
    [Buffer.from("MZ /lib/ld-musl-x86_64.so.1"), undefined],
    [Buffer.alloc(0), undefined],
  ];
  for (const [head, libc] of table) assert.equal(libcOf(head), libc, head.toString("latin1"));
  if (process.platform === "linux") {
    const { glibcVersionRuntime } = process.report.getReport().header;
    assert.equal(thisSystem().libc, glibcVersionRuntime === undefined ? "musl" : "glibc");
  }
});

test("a runtime for any program is known by its name", () => {
  for (const path of ["/usr/bin/node", "C:\\n\\node.exe", "/usr/bin/node20", "/x/node-v22.1", "/x/bun", "/x/Electron"])
    assert.equal(isRuntime(path), true, path);
  for (const path of ["/opt/app/app", "/x/node/app", "C:\\App\\My node app.exe", "/x/nodemon-app"])
    assert.equal(isRuntime(path), false, path);
});

test("the package manager is known by what it leaves in the app's folder, and npm's marks count for least", () => {
  const manager = (...files) => packageManagerOf(["/a/app/node_modules/session-replay-native", "/elsewhere"], (path) => files.includes(path));
  for (const [files, name] of [
    [[], "npm"],
    [["/a/app/package-lock.json"], "npm"],
    [["/a/app/node_modules/.modules.yaml"], "pnpm"],
    [["/a/pnpm-lock.yaml"], "pnpm"],
    [["/a/app/.pnp.cjs"], "Yarn"],
    [["/a/app/node_modules/.yarn-state.yml", "/a/app/node_modules/.package-lock.json"], "Yarn"],
    [["/a/app/yarn.lock", "/a/app/package-lock.json"], "Yarn"],
    [["/a/app/yarn.lock", "/a/app/node_modules/.yarn-integrity"], "Yarn 1"],
    [["/a/app/bun.lock"], "bun"],
    [["/a/app/package-lock.json", "/a/yarn.lock"], "npm"],
    [["/elsewhere/yarn.lock"], "Yarn"],
    [["/a/app/package-lock.json", "/elsewhere/yarn.lock"], "npm"],
  ]) {
    assert.equal(manager(...files), name, files.join(" "));
  }
});

const ANCHORS = [
  {
    name: "a bundle: as Node.js looks from its own folder, and no folder above another one",
    around: { system: LINUX, here: "/app/out", entryFolder: "/app/bin", resourcesPath: "/r", executableFolder: "/x" },
    anchors: ["/app/out: each above", "/app/bin: /app/bin", "/r/app.asar: /r/app.asar", "/r/app: /r/app", "/r: /r", "/x: /x"],
    loose: ["/app/out", "/app/bin", "/r", "/x"],
  },
  {
    name: "a packed app: nothing outside its resources",
    around: { system: LINUX, here: "/r/app.asar/out", entryFolder: "/home/u", resourcesPath: "/r", executableFolder: "/", isPackedApp: true },
    anchors: ["/r/app.asar/out: /r", "/r/app.asar: /r/app.asar", "/r/app: /r/app", "/r: /r"],
    loose: ["/r/app.asar/out", "/r"],
  },
  {
    name: "a packed app whose bundle holds a path of the machine that built it",
    around: { system: LINUX, here: "/build/out", resourcesPath: "/r", executableFolder: "/", isPackedApp: true },
    anchors: ["/r/app.asar: /r/app.asar", "/r/app: /r/app", "/r: /r"],
    loose: ["/r"],
  },
  {
    name: "a packed app on Windows",
    around: { system: { platform: "win32", arch: "x64" }, here: "c:\\A\\r\\app", resourcesPath: "C:\\A\\r", executableFolder: "C:\\A", isPackedApp: true },
    anchors: ["c:\\A\\r\\app: C:\\A\\r", "C:\\A\\r\\app.asar: C:\\A\\r\\app.asar", "C:\\A\\r\\app: C:\\A\\r\\app", "C:\\A\\r: C:\\A\\r"],
    loose: ["c:\\A\\r\\app", "C:\\A\\r"],
  },
];

for (const { name, around, anchors, loose } of ANCHORS) {
  test(`where packages and loose files are looked for: ${name}`, () => {
    assert.deepEqual(anchorsOf(around).map(({ folder, upTo }) => `${folder}: ${upTo ?? "each above"}`), anchors);
    const end = /[\\/][^\\/]*$/;
    assert.deepEqual(looseFiles(around, "koffi.node").map(({ path }) => path.replace(end, "")), loose);
  });
}

test("seen from a bundle, the installed package's own folder is one more; with a bound where the folder that leads to it has one", () => {
  const inside = (root) => (request, from) => (from === root ? `${root}/node_modules/${request}` : undefined);
  const added = (around, resolve) =>
    dependencyAnchors({ system: LINUX, ...around }, resolve).filter(({ source }) => source.startsWith("the installed")).map(({ folder, upTo }) => [folder, upTo]);
  const own = "/node_modules/session-replay-native";
  assert.deepEqual(added({ here: "/app" }, inside("/app")), [[`/app${own}`, undefined]]);
  assert.deepEqual(added({ here: "/app", entryFolder: "/e" }, inside("/e")), [[`/e${own}`, "/e"]]);
  const packed = { here: "/r/app.asar", resourcesPath: "/r", isPackedApp: true };
  assert.deepEqual(added(packed, inside("/r/app.asar")), [[`/r/app.asar${own}`, "/r/app.asar"]]);
  assert.deepEqual(added(packed, (request) => `/elsewhere/node_modules/${request}`), [], "a packed app takes nothing from outside");
  assert.deepEqual(added({ here: `${PACKAGE}/dist/locating`, packageFolder: PACKAGE }, inside("/app")), []);
});

test("only a system whose loader leaves out the current folder is asked for the library", () => {
  const asks = (platform, more) =>
    libraryPlaces({ system: { platform, arch: "x64" }, here: "/a", ...more }, {}, nothing).some(({ source }) => source === "the system's loader");
  const answers = ["linux", "freebsd", "win32", "darwin"].map((platform) => asks(platform));
  assert.deepEqual([...answers, asks("linux", { isPackedApp: true, resourcesPath: "/r" })], [true, true, false, false, false]);
});

test("the resources of an app are an absolute folder, by its real path", () => {
  for (const odd of [undefined, null, "", ".", "resources", "../r", 7, ["/r"], {}]) assert.equal(resourcesFolder(odd), undefined);
  assert.equal(resourcesFolder("/nowhere/r"), "/nowhere/r");
  symlinkSync(folder, join(folder, "link"), "junction");
  assert.equal(resourcesFolder(join(folder, "link")), folder);
});

test("this package is known by its own file, and not by a package.json above a bundle", () => {
  const root = join(folder, "own", "node_modules", "session-replay-native");
  put(join(root, "package.json"), JSON.stringify({ name: "session-replay-native" }));
  put(join(root, "dist/locating/here.js"));
  for (const file of ["dist/locating/here.js", "dist/module/index.mjs", "dist/module/shared-AB.mjs"])
    assert.equal(findPackageFolder(join(root, file)), root, file);
  for (const file of ["bundle.cjs", "dist/bundle.cjs", "dist/module/bundle.cjs", "dist/locating/bundle.js", "out/module/index.mjs", "out/locating/here.js"])
    assert.equal(findPackageFolder(join(root, file)), undefined, file);
  rmSync(join(root, "dist/locating/here.js"));
  assert.equal(findPackageFolder(join(root, "dist/module/index.mjs")), undefined, "a folder of the app's by that name");
});

test("from a folder with a bound, a package above it is not found, nor one that a broken package there leads to", () => {
  const [world, app] = [join(folder, "bound"), join(folder, "bound", "a", "b")];
  mkdirSync(app, { recursive: true });
  const planted = put(join(world, "node_modules/koffi/index.js"));
  assert.equal(resolveFrom("koffi", app), planted);
  assert.equal(resolveFrom("koffi", app, app), undefined);
  assert.equal(resolveFrom("koffi", app, join(world, "a")), undefined);
  assert.equal(resolveFrom("koffi", app, world), planted);
  mkdirSync(join(app, "node_modules/koffi"), { recursive: true });
  assert.equal(resolveFrom("koffi", app, app), undefined);
  const own = put(join(folder, "store/koffi/index.js"));
  const linked = join(world, "linked");
  mkdirSync(join(linked, "node_modules"), { recursive: true });
  symlinkSync(dirname(own), join(linked, "node_modules/koffi"), "junction");
  assert.equal(resolveFrom("koffi", linked, linked), own, "as pnpm links it");
});

/** What a program in a folder of its own finds, that is bundled from the package's source as a bundler would do it. */
async function locate(home, { env = {}, before = "" } = {}) {
  mkdirSync(home, { recursive: true });
  const { build } = await import("esbuild");
  const bundle = join(home, "bundle.cjs");
  await build({
    stdin: {
      contents: `import { locate } from "./locate.js";
        const { path, places } = locate("dist/electron/session-replay-preload.js");
        console.log(JSON.stringify({ path, looked: places.map(({ source }) => source) }));`,
      resolveDir: join(packageFolder, "dist/locating"),
    },
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
  });
  const start = join(home, "start.cjs");
  writeFileSync(start, `${before}; require("./bundle.cjs")`);
  return JSON.parse(await command(process.execPath, [start], { env: { ...process.env, ...env }, cwd: tmpdir() }));
}

const put = (file, text = "// the preload script") => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};

test("a bundle finds the loose file beside it, and never another script", async () => {
  const home = join(folder, "beside");
  put(join(home, "preload.js"));
  assert.deepEqual(await locate(home), { looked: ["beside the bundle"] });
  const copy = put(join(home, "session-replay-preload.js"));
  assert.equal((await locate(home)).path, copy);
});

test("a bundle finds a loose file before the package that is installed above it", async () => {
  const home = join(folder, "installed", "out");
  const root = join(folder, "installed", "node_modules", "session-replay-native");
  put(join(root, "package.json"), readFileSync(join(packageFolder, "package.json"), "utf8"));
  const own = put(join(root, "dist/electron/session-replay-preload.js"));
  assert.equal((await locate(home)).path, own);
  const loose = put(join(home, "session-replay-preload.js"));
  assert.equal((await locate(home)).path, loose);
});

test("a bundle in an Electron app finds what lies in the app's resources", async () => {
  const resources = join(folder, "resources");
  const before = `process.resourcesPath = ${JSON.stringify(resources)}`;
  const root = join(resources, "app", "node_modules", "session-replay-native");
  put(join(root, "package.json"), readFileSync(join(packageFolder, "package.json"), "utf8"));
  const own = put(join(root, "dist/electron/session-replay-preload.js"));
  assert.equal((await locate(join(folder, "electron"), { before })).path, own);
  const loose = put(join(resources, "session-replay-preload.js"));
  assert.equal((await locate(join(folder, "electron"), { before })).path, loose);
});

test("a program that is started as a folder has that folder for its own, not the one above", async () => {
  const home = join(folder, "as-folder");
  mkdirSync(join(home, "app"), { recursive: true });
  put(join(home, "app/package.json"), JSON.stringify({ main: "start.mjs" }));
  const source = join(packageFolder, "dist/locating/surroundings.js");
  put(join(home, "app/start.mjs"), `import s from ${JSON.stringify(source)}; console.log(s.surroundings().entryFolder);`);
  assert.equal(await command(process.execPath, [join(home, "app")], { cwd: tmpdir() }), `${join(home, "app")}\n`);
});
