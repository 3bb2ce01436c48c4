// Writes the notices that go with the run-time files, wherever an app takes them: our licence, those of what the library and the
// preload script hold, and koffi's.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const koffi = dirname(createRequire(import.meta.url).resolve("koffi"));
const read = (...path) => readFileSync(join(...path), "utf8").replaceAll("\r\n", "\n").trim();
const line = "=".repeat(80);

const parts = [
  `session_replay.node, session-replay-preload.js\n\n${read(root, "LICENSE")}`,
  `koffi.node (https://koffi.dev)\n\n${read(koffi, "LICENSE.txt")}`,
  read(root, "THIRD-PARTY-NOTICES.txt"),
];
writeFileSync(fileURLToPath(new URL("../dist/session-replay-NOTICES.txt", import.meta.url)), `${parts.join(`\n\n${line}\n`)}\n`);
