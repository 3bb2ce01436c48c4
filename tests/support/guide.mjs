// The whole programs of docs/guide/views.md, one for each kind of program: built and run as they stand there, with the options
// that stand there, but for the address.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildWithCMake } from "./cmake.mjs";
import { SESSION } from "./events.mjs";
import { recordsByItself } from "./example.mjs";
import { project } from "./paths.mjs";
import { startScreen } from "./screen.mjs";
import { snippetsOf } from "./snippets.mjs";
import { startViewer } from "./viewer.mjs";

const PAGE = "views.md";
/** "Under 25 lines" is promised. */
const MAX_LINES = 24;

/** Writes the program of a section into a file of this name in `build/guide`; answers with its path. */
export function programOf(heading, file) {
  const [{ text }, ...more] = snippetsOf(PAGE, heading);
  assert.deepEqual([more.length, /\bmain\(/.test(text)], [0, true], `section "${heading}" shows one whole program`);
  const lines = text.trimEnd().split("\n").length;
  assert.ok(lines <= MAX_LINES, `section "${heading}": ${lines} lines`);
  const folder = join(project, "build/guide");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), text);
  return join(folder, file);
}

/** The options that the page shows, as a program's argument, for another server. */
export function optionsFor(server) {
  const shown = snippetsOf(PAGE, "Five whole programs").find(({ text }) => text.startsWith("{")).text;
  assert.ok(shown.includes("http://127.0.0.1:8787"));
  return JSON.stringify(JSON.parse(shown.replace("http://127.0.0.1:8787", server)));
}

/** What `recordsByItself` needs to see a program of the page record into this viewer. */
export const asShown = (viewer, text) => ({ viewer, args: [optionsFor(viewer.url)], device: "device-1", since: SESSION, text });

/**
 * The test of the program in a section: `text` is seen in its events. `file` is what the program is called, `toolkit` the example
 * whose `targets` it is linked with; `skip` says why it can't be built here.
 */
export function testProgram(heading, { file, toolkit, targets, text, environment = {}, skip }) {
  test(`the program of ${PAGE}, "${heading}", builds and records`, { timeout: 600_000, skip }, async () => {
    const settings = { SR_PROGRAM: programOf(heading, file), SR_TOOLKIT: toolkit, SR_TARGETS: targets.join(";") };
    const folder = await buildWithCMake("tests/guide", `guide/${toolkit}`, Object.entries(settings).map(([name, value]) => `-D${name}=${value}`));
    const [screen, viewer] = await Promise.all([startScreen({ manager: "openbox" }), startViewer()]);
    try {
      const env = { ...process.env, DISPLAY: screen.display, ...environment };
      await recordsByItself(join(folder, "guide"), { ...asShown(viewer, text), environment: env });
    } finally {
      await viewer.stop();
      screen.stop();
    }
  });
}
