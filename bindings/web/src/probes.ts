// What is built into the scripts that an embedder brings into a page's own world, where its recorder has another one.

export { makeConsoleProbe } from "./console/probe";
export { makeNetworkProbe } from "./network/probe";
export { serveProbe } from "./page-world/remote-probe";
export { makeUnhandledErrorProbe } from "./unhandled/probe";
