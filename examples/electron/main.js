// The main process: opens two windows. Both are in the replay at their places, and so is the page that lies in the second.
const { app, BrowserWindow, ipcMain, screen } = require("electron");
const sessionReplay = require("session-replay-native");
const { attach, preloadPath } = require("session-replay-native/electron/main");

/** Stands in for Amplitude where there is no key. */
const viewer = process.env.SESSION_REPLAY_VIEWER ?? "http://127.0.0.1:8787";

// As early as can be: windows that are opened before record from here on.
attach({
  ipcMain,
  app,
  BrowserWindow,
  screen,
  windows: "all",
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
      : { enableRemoteConfig: false, trackServerUrl: `${viewer}/sessions/v2/track` }),
  },
});

function openWindow(page, bounds, more) {
  const webPreferences = { preload: preloadPath, contextIsolation: true, sandbox: true, nodeIntegration: false, ...more };
  return new BrowserWindow({ ...bounds, webPreferences }).loadFile(page);
}

function openWindows() {
  openWindow("index.html", { x: 60, y: 60, width: 720, height: 600 });
  // Its <webview> gets the preload script from attach.
  openWindow("help.html", { x: 700, y: 200, width: 520, height: 540 }, { webviewTag: true });
}

app.whenReady().then(openWindows);
app.on("activate", () => BrowserWindow.getAllWindows().length === 0 && openWindows());
app.on("window-all-closed", () => app.quit());
sessionReplay.on("session", (id) =>
  console.log(`session ${id}: ${viewer}/sessions/electron-example/${id}`),
);
