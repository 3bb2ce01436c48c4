// Whether all that names the project's version names the same. `node versions.mjs` compares with Cargo.toml, as each change has to;
// `node versions.mjs v1.2.3` with a tag, as a release has to, whose section CHANGELOG.md has then.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Tree } from "./tree.mjs";

const CARGO = /^version = "(.*)"$/m;
/** Where it stands, once in each; the first group is the version. */
const PLACES = {
  "Cargo.toml": CARGO,
  "Cargo.lock": /^name = "session-replay"\nversion = "(.*)"$/m,
  "benches/rust/Cargo.lock": /^name = "session-replay"\nversion = "(.*)"$/m,
  "bindings/node/src/model/version.ts": /VERSION = "(.*)"/,
  "cmake/SessionReplayConfigVersion.cmake": /set\(PACKAGE_VERSION "(.*)"\)/,
  "meson.build": /version: '([^']*)'/,
  "packaging/vcpkg/session-replay/vcpkg.json": /"version": "(.*)"/,
  "docs/guide/cpp.md": /^revision = v(.*)$/m,
};
const PACKAGES = { "session-replay-native": "bindings/node/package.json", "session-replay-web": "bindings/web/package.json" };

/** What names another version, of these files; `read`: the text of one. */
export function problemsOf(version, files, read) {
  const found = Object.entries(PLACES).map(([path, pattern]) => [path, pattern.exec(read(path))?.[1]]);
  for (const path of Object.values(PACKAGES)) found.push([path, JSON.parse(read(path)).version]);
  for (const path of files.filter((file) => /(^|\/)package-lock\.json$/.test(file))) found.push(...ownIn(path, JSON.parse(read(path))));
  return found.filter(([, is]) => is !== version).map(([path, is]) => `${path} has ${is ?? "no version"}, and not ${version}`);
}

/** Our packages in a lock file: its own, and those that are linked. */
const ownIn = (path, { packages }) =>
  Object.values(packages).flatMap(({ name, version }) => (Object.hasOwn(PACKAGES, name ?? "") ? [[path, version]] : []));

/** What is wrong with them for the release of a tag. */
export function releaseProblemsOf(tag, files, read) {
  const [, version] = /^v(\d+\.\d+\.\d+)$/.exec(tag) ?? [];
  if (version === undefined) return [`${tag} is no tag of a release, as v1.2.3 is: CMake knows no versions of pre-releases`];
  const hasSection = read("CHANGELOG.md").split("\n").some((line) => line.startsWith(`## [${version}]`));
  return [...problemsOf(version, files, read), ...(hasSection ? [] : [`CHANGELOG.md has no section ## [${version}]`])];
}

function main([tag]) {
  const tree = Tree.of(join(fileURLToPath(import.meta.url), "../../.."));
  const [files, read] = [tree.files, (path) => tree.read(path)];
  const problems = tag === undefined ? problemsOf(CARGO.exec(read("Cargo.toml"))?.[1], files, read) : releaseProblemsOf(tag, files, read);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
