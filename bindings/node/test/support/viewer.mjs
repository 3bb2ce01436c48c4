// The real viewer as the server, and the native library of this repository.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
export const project = join(packageFolder, "../..");
const built = join(process.env.CARGO_TARGET_DIR ?? join(project, "target"), process.env.SR_PROFILE ?? "debug");

const NAMES = { win32: "session_replay.dll", darwin: "libsession_replay.dylib" };

/** The native library that the tests load. */
export const libraryPath = builtFile(NAMES[process.platform] ?? "libsession_replay.so");

function builtFile(name) {
  const path = join(built, name);
  if (!existsSync(path)) throw new Error(`${path} is not there: run \`cargo build --workspace\``);
  return path;
}

/** Starts the viewer on a free port; `more` are its options. */
export async function startViewer(...more) {
  const program = builtFile(process.platform === "win32" ? "session-replay-viewer.exe" : "session-replay-viewer");
  const child = spawn(program, ["--port", "0", ...more], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (status) => reject(new Error(`the viewer ended with status ${status}`)));
    child.stdout.on("data", (text) => {
      const address = /listening on (\S+)/.exec(text);
      if (address) resolve(address[1]);
    });
  });
  return new Viewer(url, child);
}

class Viewer {
  #child;

  constructor(url, child) {
    this.url = url;
    this.#child = child;
  }

  /** Options that send everything here and capture everything without asking. */
  options(more = {}) {
    return {
      trackServerUrl: `${this.url}/sessions/v2/track`,
      configServerUrl: `${this.url}/config`,
      enableRemoteConfig: false,
      sampleRate: 1,
      libraryPath,
      ...more,
    };
  }

  async get(path) {
    const answer = await fetch(this.url + path);
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async #send(method, path, body) {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(this.url + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }

  /** The events of one session in the order of arrival; none where nothing arrived. */
  async events(device, session) {
    return (await this.get(`/api/sessions/${encodeURIComponent(device)}/${encodeURIComponent(session)}/events`)) ?? [];
  }

  sessions = () => this.get("/api/sessions");
  requests = () => this.get("/api/requests");
  fault = (fault) => this.#send("POST", "/api/faults", fault);
  clearFaults = () => this.#send("DELETE", "/api/faults");
  setRemoteConfig = (config) => this.#send("PUT", "/api/remote-config", config);

  stop() {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill();
    return ended;
  }
}
