// The notices that go with whatever holds the library or the recorder of pages: THIRD-PARTY-NOTICES.txt. `make notices` writes
// it, `make check-notices` (--check) fails where it is no longer true. A script, since no tool looks at crates and npm's
// packages both, and those that look at crates take minutes to build.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crates, npmPackages } from "./packages.mjs";
import { STANDARD_LIBRARY } from "./standard-library.mjs";
import { licenceTexts, mit } from "./texts.mjs";

const RRWEB = "Copyright (c) 2018 Contributors (https://github.com/rrweb-io/rrweb/graphs/contributors) and SmartX Inc.";
/** Whose packages leave the licence's file out: the copyright as their repositories have it. All of them are under MIT. */
const WITHOUT_FILE = {
  rrweb: RRWEB,
  rrdom: RRWEB,
  "rrweb-snapshot": RRWEB,
  "@rrweb/types": RRWEB,
  "@rrweb/utils": RRWEB,
};

function textsOf({ name, licence, folder }) {
  const texts = licenceTexts(folder, licence);
  if (texts.length > 0) return texts;
  if (!WITHOUT_FILE[name] || licence !== "MIT") throw new Error(`${name} (${licence}) has no licence file: see WITHOUT_FILE`);
  return [mit(WITHOUT_FILE[name])];
}

/** Packages with the same text stand together, by name. */
function section(heading, packages) {
  const byText = new Map();
  for (const one of packages.sort((a, b) => (label(a) < label(b) ? -1 : 1))) {
    for (const text of one.texts ?? textsOf(one)) byText.set(text, [...(byText.get(text) ?? []), label(one)]);
  }
  const groups = [...byText].map(([text, names]) => `${"-".repeat(80)}\n${names.join("\n")}\n\n${text}\n`);
  return `${"=".repeat(80)}\n${heading}\n\n${groups.join("\n")}`;
}

const label = ({ name, version, licence }) => `${[name, version].filter(Boolean).join(" ")} (${licence})`;

export function notices(root) {
  const library = section("1. Compiled into the native library", [...STANDARD_LIBRARY, ...crates(root)]);
  const recorder = section(
    "2. Bundled into the recorder of pages: session-replay-preload.js, session-replay-recorder.js",
    npmPackages(root),
  );
  return `session-replay holds software of others. These are their notices.\n\n${library}\n${recorder}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const file = join(root, "THIRD-PARTY-NOTICES.txt");
  const wanted = notices(root);
  if (!process.argv.includes("--check")) {
    writeFileSync(file, wanted);
  } else if (readFileSync(file, "utf8").replaceAll("\r\n", "\n") !== wanted) {
    console.error("THIRD-PARTY-NOTICES.txt is not what the library holds now: run `make notices`");
    process.exit(1);
  }
}
