// The options of the installed browser SDK, as its types have them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../support/paths.mjs";

const packages = join(project, "bindings/web/node_modules/@amplitude");
const FILES = [
  "session-replay-browser/lib/esm/config/types.d.ts",
  "session-replay-browser/lib/esm/typings/session-replay.d.ts",
  "session-replay-dom-privacy/lib/esm/types.d.ts",
  "analytics-core/lib/esm/types/config/core-config.d.ts",
];
const text = FILES.map((file) => readFileSync(join(packages, file), "utf8")).join("\n");
/** What `SessionReplayOptions` is made of. */
const ROOTS = ["SessionReplayLocalConfig", "IConfig", "SessionIdentifiers"];
/** Of the types below, those that the SDK uses whole: their members are no options. */
const WHOLE = new Set(["IRequestMetadata"]);

export const sdkVersion = JSON.parse(readFileSync(join(packages, "session-replay-browser/package.json"), "utf8")).version;

/** The members of an interface, or of an object type: `[name, type]`. TypeScript writes them with four spaces before them. */
function membersOf(name) {
  const found = new RegExp(`(?:interface ${name}\\b[^{]*|type ${name} = )\\{\\n(.*?)^\\}`, "ms").exec(text);
  return found && [...found[1].matchAll(/^ {4}(\w+)\??: (.*)$/gm)].map(([, member, type]) => [member, type.replace(/;$/, "")]);
}

/** `[name, type]` of each: `sampleRate`, `performanceConfig`. */
export const options = [...new Map(ROOTS.flatMap((root) => membersOf(root))).entries()];

/** The names of what has no members of its own: `sampleRate`, `performanceConfig.interaction.threshold`. */
export const leaves = options.flatMap(([name, type]) => leavesOf(name, type));

function leavesOf(name, type) {
  const members = /^\w+$/.test(type) && !WHOLE.has(type) ? membersOf(type) : null;
  return members ? members.flatMap(([member, its]) => leavesOf(`${name}.${member}`, its)) : [name];
}
