// Runs in the packed app's process in place of Electron's start: what Electron gives the main process, then the app's own file.
//
// Electron's functions read archives: here an archive is a folder, so Node.js's do. Electron's `process.dlopen` takes the file
// beside the archive, or a copy of the one inside. The system's loader, which koffi calls for the library, knows neither.
import fs, { existsSync, readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { isAbsolute, join, relative, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { App, Contents, IpcMain } from "../../../../bindings/node/test/electron/support/electron.mjs";
import { Desktop } from "../../../../bindings/node/test/electron/support/windows.mjs";

const { resources, inside, userData, events, electron } = JSON.parse(process.argv[2]);
const archive = join(resources, "app.asar");
const ipcMain = new IpcMain();
const report = { preload: undefined, page: undefined };

Object.defineProperty(process, "resourcesPath", { value: resources });
Object.defineProperty(process.versions, "electron", { value: electron });
process.argv.splice(1);

const { dlopen } = process;
process.dlopen = (module, path, ...flags) => dlopen.call(process, module, outsideArchive(path), ...flags);

for (const name of ["openSync", "readFileSync"]) {
  const original = fs[name];
  fs[name] = (path, ...more) => original(outsideArchive(path), ...more);
}

function outsideArchive(path) {
  if (typeof path !== "string") return path;
  const name = relative(archive, path);
  if (name.startsWith("..") || isAbsolute(name)) return path;
  const unpacked = join(`${archive}.unpacked`, name);
  return existsSync(unpacked) ? unpacked : join(inside, name);
}

class ElectronApp extends App {
  whenReady = async () => {};
}

const app = new ElectronApp(userData, archive);
const desktop = new Desktop(app);
const { screen } = desktop;

/** Of several windows the first is reported. */
function BrowserWindow({ webPreferences, x = 0, y = 0, width = 800, height = 600 }) {
  report.preload ??= webPreferences.preload;
  const show = async (path) => {
    if (existsSync(path)) report.page ??= relative(archive, path).split(sep).join("/");
  };
  return Object.assign(desktop.open(new Contents(), { x, y, width, height }), {
    // As Electron: a path is seen from the app's folder.
    loadFile: (path) => show(isAbsolute(path) ? path : join(archive, path)),
    loadURL: (url) => show(new URL(url).pathname),
  });
}
BrowserWindow.getAllWindows = desktop.BrowserWindow.getAllWindows;

const load = Module._load;
Module._load = (request, ...rest) => (request === "electron" ? { app, ipcMain, screen, BrowserWindow } : load(request, ...rest));

const { main } = JSON.parse(readFileSync(join(archive, "package.json"), "utf8"));
createRequire(join(archive, "package.json"))(`./${main}`);
await windowRecords();
app.emit("window-all-closed");
while (!app.hasQuit) await sleep(20);
console.log(`REPORT ${JSON.stringify(report)}`);
process.exit();

/** The window's preload script registers, and sends what it recorded. */
async function windowRecords() {
  while (desktop.windows.length === 0) await sleep(20);
  const contents = desktop.windows[0].webContents;
  const state = () => contents.sent.filter(([channel]) => channel === "session-replay:state").at(-1)?.[1];
  ipcMain.emit("session-replay:register", contents.event(), "document");
  for (let i = 0; i < 100 && !(state()?.lease > 0); i++) await sleep(20);
  report.lease = state()?.lease;
  report.taken = await ipcMain.invoke("session-replay:events", contents.event(), "document", report.lease, events);
}
