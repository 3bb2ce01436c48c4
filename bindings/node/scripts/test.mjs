// Runs the tests once with each backend, and a short soak.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));
const tests = readdirSync(`${folder}/test`)
  .filter((name) => name.endsWith(".test.mjs"))
  .map((name) => `test/${name}`);
const wanted = process.env.SESSION_REPLAY_BACKEND;
/** The newest Node.js that ffi-napi is known to compile for. */
const LAST_FOR_FFI_NAPI = 22;

const backends = wanted ? [wanted] : ["koffi", "ffi-napi"].filter(isThere);
for (const backend of backends) {
  console.log(`\n# with ${backend}`);
  const env = { ...process.env, SESSION_REPLAY_BACKEND: backend };
  run(["--test", "--test-concurrency=2", ...tests], env);
  run(["--expose-gc", "test/soak.mjs"], { SOAK_EVENTS: "100000", ...env });
}

function run(args, env) {
  const { status } = spawnSync(process.execPath, args, { cwd: folder, env, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

function isThere(backend) {
  const [major] = process.versions.node.split(".").map(Number);
  try {
    createRequire(import.meta.url)(backend);
    return true;
  } catch (error) {
    if (backend === "koffi" || major <= LAST_FOR_FFI_NAPI) throw error;
    const [reason] = error.message.split("\n");
    console.log(`\n# NOT tested with ffi-napi: it can't be loaded in Node.js ${process.version} (${reason})`);
    return false;
  }
}
