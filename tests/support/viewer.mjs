// The real viewer as the server.
import { start } from "./children.mjs";
import { built, libraryPath, programIn } from "./paths.mjs";

/** Starts the viewer on a free port, unless its options, `more`, name one. */
export const startViewer = (...more) => startViewerFrom(built, ...more);

/** Starts the viewer that cargo built into this folder. */
export async function startViewerFrom(folder, ...more) {
  const program = programIn(folder, "session-replay-viewer");
  const [url, child] = await new Promise((resolve, reject) => {
    const viewer = start(program, [...(more.includes("--port") ? [] : ["--port", "0"]), ...more], {
      stdio: ["ignore", "pipe", "inherit"],
      onOutput(output) {
        const address = /listening on (\S+)\n/.exec(output);
        if (address) resolve([address[1], viewer.child]);
      },
    });
    viewer.ended.then(({ status }) => reject(new Error(`the viewer ended with status ${status}`)), reject);
  });
  return new Viewer(url, child);
}

class Viewer {
  #child;

  constructor(url, child) {
    this.url = url;
    this.#child = child;
  }

  /** Of its process. */
  get pid() {
    return this.#child.pid;
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
    const answer = await fetch(this.url + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }

  /** The events of one session in the order of arrival; none where nothing arrived. */
  async events(device, session) {
    return (await this.get(`/api/sessions/${encodeURIComponent(device)}/${encodeURIComponent(session)}/events`)) ?? [];
  }

  /** Sends events of a session (objects, or their texts) as a recorder would. */
  send(device, session, events) {
    return this.#track(device, session, "replay", textsOf(events));
  }

  /** Sends clicks and scroll depths, each with all its members. */
  sendInteractions = (device, session, interactions) => this.#track(device, session, "interaction", interactions);

  async #track(device, session, type, events) {
    const answer = await this.post(device, session, type, events);
    if (answer.status !== 200) throw new Error(`the viewer refuses what was sent: ${answer.status} ${await answer.text()}`);
  }

  /** Posts a batch, with `more` headers; the answer, whatever it is. Events of a replay are texts. */
  post(device, session, type, events, more = {}) {
    const query = new URLSearchParams({ device_id: device, session_id: session, type });
    const headers = {
      "Content-Type": "application/json",
      Accept: "*/*",
      Authorization: "Bearer key",
      "X-Client-Library": "standalone/1.0.0",
      "X-Client-Version": "1.0.0",
      "X-Client-Sample-Rate": "1",
      "X-Sampling-Hash-Alg": "xxhash32",
      ...more,
    };
    const body = JSON.stringify({ version: 1, events });
    return fetch(`${this.url}/sessions/v2/track?${query}`, { method: "POST", headers, body });
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

/** Events as the texts that a batch has of them. */
export const textsOf = (events) => events.map((event) => (typeof event === "string" ? event : JSON.stringify(event)));
