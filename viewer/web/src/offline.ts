// Takes out of events what would make a browser connect to someone before any Content-Security-Policy is asked: resource
// hints, and the addresses of frames, which Chromium connects to ahead of the navigation that the policy then forbids.

const HINT = /\b(dns-prefetch|preconnect|prefetch|preload|modulepreload|prerender)\b/i;
const FRAME = /"i?frame"/i;

export class Offline {
  /** Frames seen so far; a later change may give one of them an address. */
  private readonly frames = new Set<unknown>();

  /** Cleans an event's data; `text` is the event as it was sent. */
  clean(text: string, data: unknown): void {
    const changesFrame = this.frames.size > 0 && /"src(doc)?"/.test(text);
    if (!changesFrame && !HINT.test(text) && !FRAME.test(text)) return;
    // Documents may be deep, so this does not recurse.
    const open: unknown[] = [data];
    while (open.length > 0) {
      const value = open.pop();
      if (typeof value !== "object" || value === null) continue;
      this.cleanOne(value as Record<string, unknown>);
      for (const inner of Object.values(value)) if (typeof inner === "object") open.push(inner);
    }
  }

  /** A node of a document, or a change of a node's attributes: both have an id and attributes. */
  private cleanOne(node: Record<string, unknown>): void {
    const attributes = node["attributes"] as Record<string, unknown> | undefined;
    if (typeof attributes !== "object" || attributes === null) return;
    if (typeof node["tagName"] === "string" && /^i?frame$/i.test(node["tagName"])) this.frames.add(node["id"]);
    if (this.frames.has(node["id"])) {
      delete attributes["src"];
      // What the frame showed is recorded beside it; the browser would put this in its place, or, forbidden to, nothing.
      delete attributes["srcdoc"];
    }
    const rel = attributes["rel"];
    if (typeof rel === "string" && HINT.test(rel)) attributes["rel"] = "";
  }
}
