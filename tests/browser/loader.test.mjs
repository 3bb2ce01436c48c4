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
