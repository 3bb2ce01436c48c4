// What is said where the library, or what calls it, is there and can't be loaded: from the messages of the loaders of all systems, and
// from the heads of files for them. load-failures.test.mjs does so with real files.
import assert from "node:assert/strict";
import { test } from "node:test";
import { archiveOf } from "../dist/locating/archive.js";
import { howToBringFiles } from "../dist/locating/bring-files.js";
import { parseHeader, problemOf } from "../dist/native/binary-header.js";
import { explainLoadFailure } from "../dist/native/load-failure.js";

const GLIBC = { platform: "linux", arch: "x64", libc: "glibc" };
const MUSL = { ...GLIBC, libc: "musl" };
const MAC = { platform: "darwin", arch: "arm64" };
const WINDOWS = { platform: "win32", arch: "x64" };

const MESSAGES = [
  // glibc's loader
  [GLIBC, "Failed to load shared library: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by /a/session_replay.node)", /needs glibc 2\.99, and this system's is older/],
  [GLIBC, "/usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /a/koffi.node)", /needs GLIBCXX 3\.4\.32/],
  [GLIBC, "Error loading shared library: libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory", /built for musl \(Alpine Linux\), and this system has glibc/],
  [GLIBC, "/lib/x86_64-linux-gnu/libc.so: invalid ELF header", /built for musl/],
  [GLIBC, "wrong ELF class: ELFCLASS32", /another CPU or system than linux-x64/],
  [GLIBC, "/a/koffi.node: invalid ELF header", /damaged, or for another system/],
  [GLIBC, "file too short", /cut short/],
  [GLIBC, "/a/session_replay.node: failed to map segment from shared object", /noexec/],
  [GLIBC, "/a/session_replay.node: failed to map segment from shared object: Operation not permitted", /noexec/],
  [GLIBC, "/a/session_replay.node: cannot open shared object file: Permission denied", /may not read it/],
  [GLIBC, "libdbus-1.so.3: cannot open shared object file: No such file or directory", /needs libdbus-1\.so\.3, which this system does not have/],
  [GLIBC, "/a/x.node: cannot allocate memory in static TLS block", /load session replay earlier/],
  [GLIBC, "/a/x.node: undefined symbol: sr_flush_begin", /another version of this one/],
  [GLIBC, "Cannot find function 'sr_flush_begin' in shared library", /another version of this one/],
  [GLIBC, "Failed to load shared library: libsession_replay.so: cannot open shared object file: No such file or directory", undefined],
  // musl's loader
  [MUSL, "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /a/session_replay.node)", /built for glibc, and this system has musl/],
  [MUSL, "Error relocating /a/session_replay.node: gnu_get_libc_version: symbol not found", /built for glibc, and this system has musl/],
  [MUSL, "Error loading shared library libgcc_s.so.1: No such file or directory (needed by /a/session_replay.node)", /needs libgcc_s\.so\.1/],
  [MUSL, "Error loading shared library /a/session_replay.node: Exec format error", /another CPU or system than linux-x64-musl/],
  // macOS
  [MAC, "dlopen(/a/session_replay.node, 0x0001): tried: '/a/session_replay.node' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))", /another CPU or system than darwin-arm64/],
  [MAC, "dlopen(/a/x.node, 0x0001): tried: '/a/x.node' (code signature in <A> '/a/x.node' not valid for use in process: mapping process and mapped file (non-platform) have different Team IDs)", /disable-library-validation/],
  [MAC, "dlopen(/a/x.node, 0x0001): tried: '/a/x.node' (not a mach-o file)", /damaged, or for another system/],
  [MAC, "dlopen(/a/x.node, 1): Symbol not found: _x Referenced from: /a/x.node (built for macOS 14.0 which is newer than running OS)", /newer macOS/],
  [MAC, "dlopen(/a/x.node, 1): (library load disallowed by system policy)", /signature/],
  // Windows
  [WINDOWS, "%1 is not a valid Win32 application.", /another CPU or system than win32-x64/],
  [WINDOWS, "The specified module could not be found.", /Visual C\+\+ Redistributable/],
  [WINDOWS, "The specified procedure could not be found.", /another version of this one/],
  [WINDOWS, "An Application Control policy has blocked this file.", /security policy/],
  [WINDOWS, "Access is denied.", /may not read it/],
  // Node.js, koffi, ffi-napi
  [GLIBC, "ERR_DLOPEN_DISABLED Cannot load native addon because loading addons is disabled.", /--allow-addons.*--no-addons/],
  [GLIBC, "ERR_ACCESS_DENIED Access to this API has been restricted. Use --allow-fs-read to manage permissions.", /--allow-fs-read for that folder/],
  [GLIBC, "The module 'x.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 93.", /npm rebuild.*@electron\/rebuild/],
  [GLIBC, "ERR_DLOPEN_FAILED Module did not self-register: '/a/koffi.node'.", /it is another library/],
  [GLIBC, "Cannot find the native Koffi module; did you bundle it correctly?", /without its native part.*@koromix\/koffi-linux-x64\).*--omit=optional/],
  [GLIBC, "MODULE_NOT_FOUND Cannot find module './linux_x64/koffi.node'", /without its native part/],
  [GLIBC, "Mismatched native Koffi modules", /different versions/],
  [GLIBC, "This engine is based on Node 14.0.0, but koffi does not support the Node 14.x branch (Node-API < 8)", /too old for koffi/],
  [GLIBC, "No native build was found for platform=linux arch=x64 runtime=node abi=127", /ffi-napi has no build for this system/],
  [GLIBC, "External buffers are not allowed", /Electron 21/],
  [GLIBC, "something that nobody has seen", undefined],
];

test("what loaders say is told as what to do", () => {
  for (const [system, message, means] of MESSAGES) {
    const told = explainLoadFailure(message, system);
    if (means === undefined) assert.equal(told, undefined, message);
    else assert.match(told ?? "nothing", means, message);
    assert.doesNotMatch(told ?? "", /cargo|npm install koffi/, message);
  }
});

/** The heads of files for other systems. */
function heads() {
  const pe = Buffer.alloc(512);
  pe.write("MZ");
  pe.writeUInt32LE(0x80, 0x3c);
  pe.write("PE\0\0", 0x80);
  pe.writeUInt16LE(0xaa64, 0x84);
  const macho = Buffer.alloc(32);
  macho.writeUInt32LE(0xfeedfacf, 0);
  macho.writeUInt32LE(0x01000007, 4);
  const universal = Buffer.alloc(64);
  universal.writeUInt32BE(0xcafebabe, 0);
  universal.writeUInt32BE(2, 4);
  universal.writeUInt32BE(0x01000007, 8);
  universal.writeUInt32BE(0x0100000c, 28);
  const elf = Buffer.alloc(64);
  elf.write("\x7fELF\x02\x01\x01", "latin1");
  elf.writeUInt16LE(183, 18);
  const endless = Buffer.alloc(120);
  elf.copy(endless);
  endless.writeUInt16LE(62, 18);
  endless.writeBigUInt64LE(64n, 32);
  endless.writeUInt16LE(56, 54);
  endless.writeUInt16LE(1, 56);
  endless.writeBigUInt64LE(4096n, 64 + 8);
  endless.writeBigUInt64LE(4096n, 64 + 32);
  return { pe, macho, universal, elf, endless };
}

test("the head of a file tells for which system and CPU it is built, and whether it is whole", () => {
  const { pe, macho, universal, elf, endless } = heads();
  for (const [head, size, system, problem] of [
    [pe, 512, WINDOWS, /for the CPU arm64, and this process is for x64/],
    [pe, 512, { ...WINDOWS, arch: "arm64" }, undefined],
    [pe, 512, GLIBC, /built for Windows, and this process runs on linux/],
    [macho, 32, MAC, /for the CPU x64, and this process is for arm64/],
    [universal, 64, MAC, undefined],
    [elf, 64, GLIBC, /for the CPU arm64/],
    [elf, 64, { ...GLIBC, arch: "arm64" }, undefined],
    [elf, 64, MAC, /built for Linux, and this process runs on darwin/],
    [endless, 8192, GLIBC, undefined],
    [endless, 8191, GLIBC, /cut short/],
    [elf.subarray(0, 10), 10, GLIBC, /no native library/],
    [Buffer.from("version https://git-lfs.github.com/spec/v1\n"), 130, GLIBC, /no native library/],
    [Buffer.alloc(0), 0, GLIBC, /no native library/],
  ]) {
    const told = problemOf(parseHeader(head, size), system);
    if (problem === undefined) assert.equal(told, undefined);
    else assert.match(told ?? "nothing", problem);
  }
});

test("files of another system are replaced as they came: in node_modules, beside a bundle, in a packed app", () => {
  const bundle = howToBringFiles({ packageFolder: undefined, isPackedApp: false });
  const app = howToBringFiles({ packageFolder: undefined, isPackedApp: true });
  assert.equal(howToBringFiles({ packageFolder: "/a/node_modules/session-replay-native", isPackedApp: true }), undefined);
  assert.match(bundle, /^copy the run-time files for this system beside the bundle, with `npx session-replay-native copy <folder>`$/);
  assert.match(app, /^have your packager copy the run-time files for this system into the app's resources/);
  const { elf } = heads();
  for (const renew of [bundle, app]) {
    for (const told of [
      explainLoadFailure("wrong ELF class: ELFCLASS32", GLIBC, { renew, install: renew }),
      explainLoadFailure("Mismatched native Koffi modules", GLIBC, { renew, install: renew }),
      explainLoadFailure("Cannot find the native Koffi module", GLIBC, { renew, install: renew }),
      explainLoadFailure("libc.musl-x86_64.so.1: cannot open shared object file", GLIBC, { renew, install: renew }),
      explainLoadFailure("Error loading shared library ld-linux-x86-64.so.2", MUSL, { renew, install: renew }),
      problemOf(parseHeader(elf, 64), GLIBC, renew),
      problemOf(parseHeader(elf, 64), MAC, renew),
    ]) {
      assert.ok(told.endsWith(`; ${renew}`), told);
      assert.doesNotMatch(told, /remove node_modules/);
    }
  }
});

test("a folder is an archive only where somebody shows what is in it", () => {
  for (const [path, isPnp, kind] of [
    ["/a/app.asar/node_modules/x/y.node", false, "asar"],
    ["C:\\a\\app.asar\\y.node", false, "asar"],
    ["/a/app.asar.unpacked/y.node", false, undefined],
    ["/a/app.asar", false, undefined],
    ["/p/.yarn/cache/x-npm-1.0.0-abc.zip/node_modules/x/y.node", true, "zip"],
    ["C:\\p\\cache\\x.zip\\node_modules\\x\\y.node", true, "zip"],
    ["/p/.yarn/cache/x-npm-1.0.0-abc.zip/node_modules/x/y.node", false, undefined],
    ["/opt/app.zip/y.node", true, undefined],
    ["/opt/app.zip/y.node", false, undefined],
  ]) {
    assert.equal(archiveOf(path, isPnp), kind, path);
  }
});
