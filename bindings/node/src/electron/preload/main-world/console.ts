// Injected into the page's world, as one function that holds all it imports: sees what the page writes to the console.
import { makeConsoleProbe, serveProbe } from "../../../../../web/src/probes";

export default (event: string): void => serveProbe(event, makeConsoleProbe);
