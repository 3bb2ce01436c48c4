// Copies the release library into prebuilds/, where the package looks for it: run before `npm pack`. There its name ends in
// ".node", so that packagers take it out of archives.
//
// `node scripts/copy-library.mjs [file [platform-arch]]` takes a library that was built for another system, too.
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(packageFolder, "../../target");
const names = { win32: "session_replay.dll", darwin: "libsession_replay.dylib" };
const built = join(target, process.env.SR_PROFILE ?? "release", names[process.platform] ?? "libsession_replay.so");
const [file = built, system = `${process.platform}-${process.arch}`] = process.argv.slice(2);

if (!existsSync(file)) {
  console.error(`${file} is not there: run \`cargo build --release\``);
  process.exit(1);
}
const folder = join(packageFolder, "prebuilds", system);
mkdirSync(folder, { recursive: true });
// Written over, a library that a process is using would crash it.
const copy = join(folder, "session_replay.node");
rmSync(copy, { force: true });
copyFileSync(file, copy);
console.log(join("prebuilds", system, "session_replay.node"));
