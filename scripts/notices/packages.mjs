// What is compiled into the library, and what is bundled into the recorder of pages.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the library is built for (.github/workflows/release.yml), and where others build it. */
const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-unknown-linux-musl",
  "aarch64-unknown-linux-musl",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
];

const cargo = (root, ...args) =>
  execFileSync("cargo", [...args, "--locked"], { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });

/** The crates that the library is linked with on any of the targets: neither what only builds it, nor macros. */
export function crates(root) {
  const tree = ["tree", "--package=session-replay", "--edges=normal,no-proc-macro", "--prefix=none", "--format={p}"];
  const lines = TARGETS.flatMap((target) => cargo(root, ...tree, `--target=${target}`).split("\n"));
  const linked = new Set(lines.map((line) => line.split(" ").slice(0, 2).join(" ")));
  const known = ["metadata", "--format-version=1", ...TARGETS.map((target) => `--filter-platform=${target}`)];
  return JSON.parse(cargo(root, ...known))
    .packages.filter(({ name, version, source }) => source && linked.has(`${name} v${version}`))
    .map(({ name, version, license, manifest_path }) => ({ name, version, licence: license, folder: dirname(manifest_path) }));
}

/** What npm installs for the recorder of pages to hold; declarations are in no bundle. */
export function npmPackages(root) {
  const folder = join(root, "bindings/web");
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== "" && !dev && !path.includes("/@types/"))
    .map(([path, { version, license }]) => ({
      name: path.replace(/^.*node_modules\//, ""),
      version,
      licence: license,
      folder: join(folder, path),
    }));
}
