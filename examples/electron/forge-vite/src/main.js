// The main process. Vite bundles it, session-replay-native with it; only the page's address differs from ../main.js.
import { join } from "node:path";
import { app, BrowserWindow, ipcMain } from "electron";
import { attach, preloadPath } from "session-replay-native/electron/main";

const viewer = process.env.SESSION_REPLAY_VIEWER ?? "http://127.0.0.1:8787";

attach({
  ipcMain,
  app,
  apiKey: "example",
  options: {
    deviceId: "electron-example",
    sessionId: Date.now(),
    sampleRate: 1,
    enableRemoteConfig: false,
    trackServerUrl: `${viewer}/sessions/v2/track`,
  },
});

function openWindow() {
  const window = new BrowserWindow({ webPreferences: { preload: preloadPath } });
  if (MAIN_WINDOW_VITE_DEV_SERVER_URL) return window.loadURL(MAIN_WINDOW_VITE_DEV_SERVER_URL);
  return window.loadFile(join(__dirname, `../renderer/${MAIN_WINDOW_VITE_NAME}/index.html`));
}

app.whenReady().then(openWindow);
app.on("window-all-closed", () => app.quit());
