// An Electron app's main process in TypeScript: Electron's own types fit.
import { BrowserWindow, app, ipcMain } from "electron";
import { attach, preloadPath, type Attached } from "session-replay-native/electron/main";

export const attached: Attached = attach({ app, ipcMain, apiKey: "key", options: { sampleRate: 1 } });
export const open = (): BrowserWindow => new BrowserWindow({ webPreferences: { preload: preloadPath } });

// @ts-expect-error -- Electron's ipcMain is needed
attach({ app });
