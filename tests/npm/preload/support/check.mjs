// What a sandboxed preload script may be: one classic script that requires `electron` and nothing else.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";

/** The files that a tool has put into `folder`, but `main.js`, the app's main process. */
const scriptsIn = (folder) =>
  readdirSync(folder, { recursive: true }).filter((file) => /\.[cm]?js$/.test(file) && file !== "main.js");

/** What is wrong with the files that a tool has put into `folder` as these preload scripts; `undefined`: nothing. */
export function problemOf(folder, names) {
  const scripts = scriptsIn(folder).sort();
  if (scripts.length > names.length) return `several files: ${scripts.join(", ")}`;
  if (scripts.join() !== [...names].sort().join()) return `named ${scripts.join(", ")}`;
  return names.map((name) => problemOfText(readFileSync(join(folder, name), "utf8"))).find((problem) => problem);
}

function problemOfText(text) {
  try {
    // As Electron compiles it: the body of a function.
    vm.compileFunction(text, ["require", "process", "exports", "module"]);
    return undefined;
  } catch (error) {
    return /import|export/.test(error.message) ? "an ES module" : error.message;
  }
}
