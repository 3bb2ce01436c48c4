// What Electron's preload script is built from.

export { checkAddress, onAddressChange, seesAllChanges } from "./address/address-watch";
export { consoleObserver } from "./console/observer";
export { listen } from "./dom/listeners";
export { IN_PAGE } from "./in-page";
export { ISOLATED } from "./isolated";
export { networkObserver } from "./network/observer";
export type { MakeObserver } from "./observers/observer";
export { remoteProbe } from "./page-world/remote-probe";
export type { BeforeRecord } from "./record/before-record";
export { Recorder } from "./record/recorder";
export type { SendResult } from "./send/outbox";
export { unhandledErrorObserver } from "./unhandled/observer";
