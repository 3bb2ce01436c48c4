// Copies of this package as a package manager and a bundler make them, each in a folder of its own, with a library of its own.
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { run } from "../../../../tests/support/children.mjs";
import { copyPackage } from "../../../../tests/support/npm-package.mjs";
import { packageFolder } from "./package.mjs";

/** A folder for copies and the programs that use them. The FFI packages lie beside it, where each copy finds them. */
export class Copies {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "session-replay-copies-")));

  constructor() {
    symlinkSync(join(packageFolder, "node_modules"), join(this.folder, "node_modules"), "junction");
  }

  remove = () => rmSync(this.folder, { recursive: true });

  /** Installs the package for a dependent of this name, as another version or with another shape where that is given. */
  install(dependent, { version, shape } = {}) {
    const copy = copyPackage(join(this.folder, dependent, "node_modules"), { library: true });
    if (version) edit(join(copy, "dist/model/version.js"), /VERSION = "[^"]+"/, `VERSION = "${version}"`);
    if (shape) edit(join(copy, "dist/shared-recorder.js"), /RECORDER_SHAPE = \d+/, `RECORDER_SHAPE = ${shape}`);
    return copy;
  }

  /** Puts the package into a bundle, an ES module; what it exports is the package's and, as `segment`, the integration's. */
  async bundle(dependent) {
    const file = join(this.folder, dependent, "bundle.mjs");
    await build({
      stdin: {
        contents: 'export * from "session-replay-native"; export * as segment from "session-replay-native/segment";',
        resolveDir: packageFolder,
      },
      outfile: file,
      bundle: true,
      platform: "node",
      format: "esm",
      conditions: ["module"],
      logLevel: "warning",
    });
    return file;
  }

  /**
   * Runs a program, given as the text of a CommonJS file. `given` is in it, as are `event(payload)` and `heard`, the lines
   * that `listen(copy)` has heard: what is logged by a copy's recorder.
   */
  run(body, given = {}) {
    const file = join(this.folder, "program.cjs");
    writeFileSync(
      file,
      `const given = ${JSON.stringify(given)};
      const event = (payload) => ({ type: 5, timestamp: 1732300000000, data: { tag: "test", payload } });
      const heard = [];
      const listen = (copy) => copy.on("log", ({ level, message }) => heard.push(level + ": " + message));
      const turn = () => new Promise(setImmediate);
      (async () => {${body}})();`,
    );
    const { SESSION_REPLAY_LIBRARY: _, ...env } = process.env;
    return run(process.execPath, [file], { cwd: this.folder, env });
  }
}

function edit(file, before, after) {
  const text = readFileSync(file, "utf8");
  if (!before.test(text)) throw new Error(`${file} has no ${before}`);
  writeFileSync(file, text.replace(before, after));
}
