// The main process: opens windows, and records what happens in the one that is focused.
const { join } = require("node:path");
const { app, BrowserWindow, ipcMain } = require("electron");
const sessionReplay = require("session-replay-native");
const { attach, preloadPath } = require("session-replay-native/electron/main");

// As early as can be: windows that are opened before record from here on.
attach({
  ipcMain,
  app,
  apiKey: process.env.AMPLITUDE_API_KEY ?? "example",
  options: {
    deviceId: "electron-example",
    sessionId: Date.now(),
    sampleRate: 1,
    privacyConfig: { defaultMaskLevel: "medium" },
    loggerProvider: console,
    // Without a key of Amplitude's, everything goes to the viewer on this machine.
    ...(process.env.AMPLITUDE_API_KEY
      ? {}
      : { enableRemoteConfig: false, trackServerUrl: "http://127.0.0.1:8787/sessions/v2/track" }),
    ...(process.env.SESSION_REPLAY_LIBRARY
      ? { libraryPath: process.env.SESSION_REPLAY_LIBRARY }
      : { libraryPath: builtLibrary() }),
  },
});

function openWindow() {
  const window = new BrowserWindow({
    width: 900,
    height: 650,
    webPreferences: { preload: preloadPath, contextIsolation: true, sandbox: true, nodeIntegration: false },
  });
  return window.loadFile("index.html");
}

app.whenReady().then(openWindow);
app.on("activate", () => BrowserWindow.getAllWindows().length === 0 && openWindow());
app.on("window-all-closed", () => app.quit());
sessionReplay.on("session", (id) =>
  console.log(`session ${id}: http://127.0.0.1:8787/sessions/electron-example/${id}`),
);

/** What `cargo build --release` in the project's folder made. */
function builtLibrary() {
  const name =
    { win32: "session_replay.dll", darwin: "libsession_replay.dylib" }[process.platform] ?? "libsession_replay.so";
  return join(__dirname, "../../target/release", name);
}
