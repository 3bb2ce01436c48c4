// Runs scripts in the page's world, which the preload script does not share. Each is a function that uses nothing outside itself.
import { contextBridge, webFrame } from "electron";

export type InjectedScript = (event: string) => void;

export function runInMainWorld(script: InjectedScript, event: string): void {
  // executeInMainWorld exists since Electron 35. Before, webFrame runs the script as early; only its result comes later.
  if (contextBridge.executeInMainWorld) contextBridge.executeInMainWorld({ func: script, args: [event] });
  else void webFrame.executeJavaScript(`(${String(script)})(${JSON.stringify(event)})`).catch(() => {});
}
