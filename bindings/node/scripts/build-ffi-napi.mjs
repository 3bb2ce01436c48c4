// Builds ffi-napi and ref-napi. Their newest releases are older than today's compilers, which need to be told to be
// lenient. Where it fails, the tests with koffi can still run: test.mjs decides whether that is enough.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, CXXFLAGS: `${process.env.CXXFLAGS ?? ""} -fpermissive`.trim() };
// Headers that were installed with Node.js need not be fetched.
const prefix = dirname(dirname(process.execPath));
if (existsSync(join(prefix, "include/node/node_api.h"))) env.npm_config_nodedir ??= prefix;

const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const { status, stdout, stderr } = spawnSync(npm, ["rebuild", "ffi-napi", "ref-napi"], { cwd, env, encoding: "utf8" });
if (status !== 0) console.log(`ffi-napi does not compile with Node.js ${process.version}:\n${stdout}${stderr}`);
