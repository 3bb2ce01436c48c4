// The main process: opens windows, and records what happens in the one that is focused.
const { app, BrowserWindow, ipcMain } = require("electron");
const sessionReplay = require("session-replay-native");
const { attach, preloadPath } = require("session-replay-native/electron/main");

/** Stands in for Amplitude where there is no key. */
const viewer = process.env.SESSION_REPLAY_VIEWER ?? "http://127.0.0.1:8787";

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
      : { enableRemoteConfig: false, trackServerUrl: `${viewer}/sessions/v2/track` }),
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
  console.log(`session ${id}: ${viewer}/sessions/electron-example/${id}`),
);
