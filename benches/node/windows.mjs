// What an event of an Electron app's page costs the main process, with so many windows open: the messages of one window,
// whose pages record, beside windows that pause. `app` and `ipcMain` are those of the package's own tests.
//
//     node windows.mjs WINDOWS RECORDING OPTIONS_JSON SCRATCH_DIR
//
// Prints `ns-median`, per event, over messages of some events each.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [windows, recording, options, scratch] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { App, Contents, IpcMain } = await import("../../bindings/node/test/electron/support/electron.mjs");
const sessionReplay = require("../../bindings/node");
const { attach } = require("../../bindings/node/dist/electron/main.js");

const MESSAGES = 6_000;
const EVENTS = 20;

const app = new App(scratch);
const ipcMain = new IpcMain();
await sessionReplay.init("bench-key", JSON.parse(options)).promise;
attach({ app, ipcMain, options: JSON.parse(options) });
const open = Array.from({ length: Number(windows) }, () => new Contents());
open.forEach((contents, number) => ipcMain.emit("session-replay:register", contents.event(), `document-${number}`));
const [first] = open;
first.hasFocus = true;
app.emit("browser-window-focus", {}, { webContents: first });
const { lease } = first.sent.findLast(([channel]) => channel === "session-replay:state")[1];

const lines = readFileSync(recording, "utf8").split("\n").filter((line) => line.length > 100 && line.length < 500);
const message = Array.from({ length: EVENTS }, (_, number) => lines[number % lines.length]).join("\n");
const send = (text) => ipcMain.invoke("session-replay:events", first.event(), "document-0", lease, text);
const snapshot = '{"type":2,"timestamp":1732300000000,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"html","childNodes":[]}],"id":1}}}';
if (lease === 0 || (await send(snapshot)) !== "taken") throw new Error("the first window does not record");
const samples = [];
for (let number = 0; number < MESSAGES; number++) {
  const began = process.hrtime.bigint();
  const answer = await send(message);
  samples.push(Number(process.hrtime.bigint() - began) / EVENTS);
  if (answer !== "taken") throw new Error(`message ${number}: ${answer}`);
}
console.log(samples.sort((a, b) => a - b)[MESSAGES >> 1].toFixed(1));
await sessionReplay.shutdown(1000);
process.exit();
