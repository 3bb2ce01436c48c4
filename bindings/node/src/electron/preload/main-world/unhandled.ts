// Injected, as console.ts: sees that the page did not handle an error, of which the browser tells listeners of its world alone.
import { makeUnhandledErrorProbe, serveProbe } from "../../../../../web/src/probes";

export default (event: string): void => serveProbe(event, makeUnhandledErrorProbe);
