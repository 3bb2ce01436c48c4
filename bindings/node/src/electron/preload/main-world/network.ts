// Injected, as console.ts: sees what the page asks of servers.
import { makeNetworkProbe, serveProbe } from "../../../../../web/src/probes";

export default (event: string): void => serveProbe(event, makeNetworkProbe);
