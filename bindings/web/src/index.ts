// What Electron's preload script is built from.

export { listen } from "./dom/listeners";
export { Recorder } from "./record/recorder";
export type { SendResult } from "./send/outbox";
