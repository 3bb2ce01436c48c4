#!/usr/bin/env node
// `npx session-replay-native copy <folder>`
import { parseArgs } from "node:util";
import { SessionReplayError, messageOf } from "../model/errors.js";
import { copyRuntimeFiles } from "./copy.js";

const HELP = `Usage: session-replay-native copy <folder> [options]

Copies the files that a bundled app needs at run time into <folder>: put them beside the bundle.
  session_replay.node, koffi.node, session-replay-preload.js, and their licences: session-replay-NOTICES.txt

Options, for another system than this one:
  --platform <name>   linux, darwin or win32
  --arch <name>       x64 or arm64
  --libc <name>       glibc or musl, of a Linux that --platform names; glibc if left out
  -h, --help          Print this.

Exit status: 0 when all were copied, 1 when one of them is missing, 2 when the command can't be understood.
`;

const OPTIONS = {
  platform: { type: "string" },
  arch: { type: "string" },
  libc: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs the command with these arguments, and returns its exit status. */
function main(args: string[]): number {
  let given;
  try {
    given = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return misuse(messageOf(error));
  }
  const { help, ...target } = given.values;
  const [command, folder, ...more] = given.positionals;
  if (help) return print(HELP);
  if (command === undefined) return misuse("no command is given");
  if (command !== "copy") return misuse(`there is no command ${command}`);
  if (folder === undefined) return misuse("no folder is given");
  if (more.length > 0) return misuse(`too many arguments: ${more.join(" ")}`);
  try {
    return print(copyRuntimeFiles(folder, target).map((path) => `${path}\n`).join(""));
  } catch (error) {
    if (error instanceof SessionReplayError && error.status === "invalid-argument") return misuse(error.message);
    process.stderr.write(`session-replay-native: ${messageOf(error)}\n`);
    return 1;
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function misuse(problem: string): number {
  process.stderr.write(`session-replay-native: ${problem}\n\n${HELP}`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
