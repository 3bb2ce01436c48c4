// How a session comes into the page: in parts, of which the first picture is not held up by the others.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundle } from "../support/bundle.mjs";
import { SESSION, custom, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

let viewer, Loader, Recording;
const { fetch, MessageChannel } = globalThis;
/** What the page's code makes of them is open for as long as a page is, and would keep this process. */
const channels = [];

before(async () => {
  viewer = await startViewer();
  // The page's addresses are the viewer's.
  globalThis.fetch = (path, init) => fetch(new URL(path, viewer.url), init);
  globalThis.MessageChannel = class extends MessageChannel {
    constructor() {
      super();
      channels.push(this);
    }
  };
  const exported = ["session/loader", "recording/recording"].map((name) => `export * from "./${name}";`);
  const code = await bundle(exported.join("\n"), join(project, "viewer/web/src"), { loader: "ts", platform: "node" });
  ({ Loader, Recording } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`));
});

after(async () => {
  Object.assign(globalThis, { fetch, MessageChannel });
  for (const { port1 } of channels) port1.close();
  await viewer?.stop();
});

test("nothing more is loaded while the first picture is drawn", async () => {
  for (const event of [...pageWith([]), custom("then", 1_000)]) await viewer.send("d", SESSION, [event]);
  let draw;
  const drawing = new Promise((done) => (draw = done));
  const parts = [];
  let isLoaded = false;
  const events = {
    onEvents(added) {
      parts.push(added.length);
      return parts.length === 2 ? drawing : undefined;
    },
    onLoaded: () => (isLoaded = true),
    onConnection: () => {},
    onRefusal: () => {},
  };
  const loader = new Loader({ device: "d", session: String(SESSION) }, new Recording(), events);
  await until(() => parts.length === 2, "the picture can be drawn");
  // As long as it takes to load all of it once more.
  await (await fetch(`${viewer.url}/api/sessions/d/${SESSION}/batches`)).text();
  await new Promise(setImmediate);
  assert.deepEqual([parts, isLoaded], [[1, 1], false]);
  draw();
  await until(() => isLoaded, "the rest is loaded");
  assert.deepEqual(parts, [1, 1, 1]);
  loader.stop();
});

test("a batch that the store does not give is asked for by itself, and stands in its place once it is given", async () => {
  const session = SESSION + 1;
  for (const name of ["first", "second", "third"]) await viewer.send("d", session, [...(name === "first" ? pageWith([]) : []), custom(name, 1_000)]);
  const give = globalThis.fetch;
  const asked = [];
  globalThis.fetch = async (path, init) => {
    const response = await give(path, init);
    const url = new URL(path, viewer.url);
    if (!url.pathname.endsWith("/batches")) return response;
    const only = url.searchParams.get("only");
    asked.push(only);
    if (only !== null) return response;
    const lines = (await response.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const told = lines.map((line, at) => (at === 1 ? { sequence: line.sequence, problem: "busy", count: line.events.length, retry: true } : line));
    return new Response(told.map((line) => `${JSON.stringify(line)}\n`).join(""));
  };
  const recording = new Recording();
  const names = () => recording.events.filter(({ type }) => type === 5).map(({ data }) => data.payload);
  const events = { onEvents() {}, onLoaded() {}, onConnection() {}, onRefusal() {} };
  const loader = new Loader({ device: "d", session: String(session) }, recording, events);
  try {
    await until(() => loader.isLoaded, "what is given is there");
    assert.deepEqual([names(), loader.unread.map(({ problem, count }) => [problem, count])], [["first", "third"], [["busy", 1]]]);
    await until(() => loader.unread.length === 0, "it is given at last", 20_000);
    assert.deepEqual([names(), loader.damaged], [["first", "second", "third"], []]);
    assert.equal(asked.filter((only) => only !== null).length, 1, `it alone was asked for, once: ${asked}`);
  } finally {
    loader.stop();
    globalThis.fetch = give;
  }
});
