// What the preload script of Electron is built from.

export { listen } from "./dom/listeners";
export { Recorder } from "./record/recorder";
export type { Answer } from "./send/outbox";
