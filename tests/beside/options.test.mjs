// Every option of the browser SDK has a row in the guide, for web views, for Electron and for Node.js: it works, or it means nothing
// here, and why. And what the package does with each is what its row says: none is ignored in silence.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { project } from "../support/paths.mjs";
import { leaves, options, sdkVersion } from "./support/sdk-options.mjs";

const require = createRequire(import.meta.url);
const { sortOptions } = require(join(project, "bindings/node/dist/options/sorted.js"));
const { RECORDING_OPTIONS } = require(join(project, "bindings/node/dist/electron/messages.js"));
const VERDICTS = ["works", "means nothing here", "refused"];

/** The rows of a page's table: `{ names, verdict, why }`. */
function rowsOf(page) {
  const guide = readFileSync(join(project, "docs/guide", page), "utf8");
  const [, section] = /^#+ The browser SDK's options\n(.*?)^#+ /ms.exec(guide) ?? assert.fail(`${page} has no such section`);
  assert.ok(section.includes(` ${sdkVersion}`), `${page} is about the installed version, ${sdkVersion}`);
  return [...section.matchAll(/^\| (`.*?) \| (.*?) \|(.*)\|$/gm)].map(([, names, verdict, why]) => ({
    names: [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    verdict,
    why: why.trim(),
  }));
}

/** A row is about an option by its name, or about all members of one: `privacyConfig.*`. */
const isAbout = (row, option) => row.names.some((name) => name === option || (name.endsWith(".*") && option.startsWith(name.slice(0, -1))));

test("the installed SDK's options are found in its types", () => {
  assert.ok(options.length > 45, `only ${options.length}`);
  for (const name of ["sampleRate", "deviceId", "identify", "performanceConfig.interaction.threshold", "privacyConfig.urlMaskLevels"])
    assert.ok(leaves.includes(name), name);
});

for (const page of ["web-views.md", "electron.md", "node.md"]) {
  test(`${page} has one row for each option, and none for another`, () => {
    const rows = rowsOf(page);
    for (const option of leaves) {
      const about = rows.filter((row) => isAbout(row, option));
      assert.equal(about.length, 1, `"${option}" has ${about.length} rows in ${page}`);
    }
    for (const { names, verdict, why } of rows) {
      for (const name of names) assert.ok(leaves.some((option) => isAbout({ names: [name] }, option)), `${page}: the browser SDK has no option "${name}"`);
      assert.ok(VERDICTS.includes(verdict), `${page}, ${names}: "${verdict}" is none of ${VERDICTS.join(", ")}`);
      assert.ok(verdict === "works" || why.length > 10, `${page}, ${names}: why?`);
    }
  });
}

/** A value that is taken, by its type; others by their names. */
const SAMPLES = { apiKey: "key", deviceId: "d", sessionId: 1_732_500_000_000, sampleRate: 1, logLevel: 2, loggerProvider: console, serverZone: "US", version: { type: "plugin", version: "1.0.0" } };
const sampleOf = (name, type) => SAMPLES[name] ?? (type === "boolean" ? true : type === "number" ? 1_000 : type === "string" ? "https://127.0.0.1/" : /^handle/.test(name) ? () => {} : {});

/** What is said of an option that is given alone; a value that was brought into its bounds is another matter. */
const ignoredWith = (given) => sortOptions(given).warnings.filter((warning) => warning.includes("ignored"));

const HOSTS = {
  "node.md": (name, value) => ignoredWith({ [name]: value }),
  // `attach` sends these to the pages, and gives the rest to `init`.
  "electron.md": (name, value) => (RECORDING_OPTIONS.includes(name) ? [] : ignoredWith({ [name]: value })),
};

for (const [page, ignored] of Object.entries(HOSTS)) {
  test(`${page} says what the package does with each: what means nothing is named in the log`, () => {
    const rows = rowsOf(page);
    const unlike = [];
    for (const [name, type] of options) {
      const works = rows.some((row) => row.verdict === "works" && row.names.some((one) => one.split(".")[0] === name));
      const said = ignored(name, sampleOf(name, type));
      for (const line of said) assert.ok(line.includes(`"${name}"`) && !line.startsWith("unknown"), `${name}: ${line}`);
      // The main process has `apiKey` as an option of `attach` itself.
      if (works === said.length > 0 && !(page === "electron.md" && name === "apiKey")) unlike.push(name);
    }
    assert.deepEqual(unlike, [], "those whose row is not true");
  });
}
