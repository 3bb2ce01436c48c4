// A packed app, and how it runs: Node.js can't read an asar archive, so the archive is laid out as a folder of its name.
import { extractAll, listPackage, uncacheAll } from "@electron/asar";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../../support/children.mjs";
import { ELECTRON_VERSION } from "./electron-distribution.mjs";

const boot = fileURLToPath(new URL("boot.mjs", import.meta.url));
/** What the system's loader finds where Electron shows a file of an archive: no library. */
const PLACEHOLDER = "This is inside an archive. Only Electron's own functions can read it.\n";

export class PackedApp {
  /** `folder` is what the packager made, `name` its executable's in it. */
  constructor(folder, name) {
    this.folder = folder;
    this.name = name;
  }

  get executable() {
    return join(this.folder, this.name);
  }

  get resources() {
    return join(this.folder, "resources");
  }

  get archive() {
    return join(this.resources, "app.asar");
  }

  moveTo(folder) {
    renameSync(this.folder, folder);
    // It remembers what the archive at a path held.
    uncacheAll();
    this.folder = folder;
  }

  /** The archive's files, those that were unpacked too, with slashes. */
  listing = () => listPackage(this.archive, { isPack: false }).map((path) => path.replaceAll("\\", "/"));

  /** Files in a folder of the packed app, below it. */
  filesIn(path) {
    const folder = join(this.folder, path);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
  }

  /**
   * Starts the app by its executable, as Electron would: everything in the archive can be read by Node.js, but its libraries are
   * none to the system's loader. `events` are what the app's window sends, one's JSON a line.
   */
  async start({ viewer, events, env = {} }) {
    const inside = this.#layOut();
    const userData = mkdtempSync(join(tmpdir(), "session-replay-app-"));
    const given = { resources: this.resources, inside, userData, events, electron: ELECTRON_VERSION };
    const clean = { ...process.env, SESSION_REPLAY_LIBRARY: "", SESSION_REPLAY_BACKEND: "", NODE_PATH: "" };
    const ended = await run(this.executable, [boot, JSON.stringify(given)], {
      cwd: tmpdir(),
      env: { ...clean, SESSION_REPLAY_VIEWER: viewer.url, ...env },
    });
    rmSync(userData, { recursive: true, force: true });
    const report = /^REPORT (.*)$/m.exec(ended.output);
    return { ...ended, report: report ? JSON.parse(report[1]) : undefined };
  }

  /** Replaces the archive by a folder of its name; answers with the folder that has its libraries as they are. */
  #layOut() {
    const inside = `${this.archive}.inside`;
    if (existsSync(inside)) return inside;
    const laidOut = `${this.archive}.laid-out`;
    extractAll(this.archive, laidOut);
    cpSync(laidOut, inside, { recursive: true });
    for (const name of readdirSync(laidOut, { recursive: true })) {
      const path = join(laidOut, name);
      if (statSync(path).isFile() && isNative(path)) writeFileSync(path, PLACEHOLDER);
    }
    rmSync(this.archive);
    renameSync(laidOut, this.archive);
    return inside;
  }
}

const isNative = (path) => path.endsWith(".node") || readFileSync(path).subarray(0, 4).toString("latin1") === "\x7fELF";

/** The folder that a packager made below `out`. */
export function onlyFolderIn(out) {
  const folders = readdirSync(out).filter((name) => statSync(join(out, name)).isDirectory());
  if (folders.length !== 1) throw new Error(`${out} has ${folders.join(", ") || "no folder"}`);
  return join(out, folders[0]);
}
