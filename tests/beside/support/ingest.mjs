// Amplitude's servers for all three recorders: every request is kept as it came, and all of them get the same remote configuration.
import { gunzipSync } from "node:zlib";
import { serve } from "../../support/servers.mjs";

const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };

export class Ingest {
  /** `{ method, url, headers, text }` of each, bodies unpacked. */
  requests = [];
  /** What stands in `configs.sessionReplay` of the remote configuration. */
  remoteConfig = {};
  #server;

  static async start() {
    const ingest = new Ingest();
    ingest.#server = await serve(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const answer = ingest.#take(request.method, request.url, request.headers, Buffer.concat(chunks));
      response.writeHead(200, { "content-type": "application/json" }).end(answer);
    });
    return ingest;
  }

  /** The addresses that the library is given. */
  get options() {
    const { url } = this.#server;
    return { trackServerUrl: `${url}/sessions/v2/track`, configServerUrl: `${url}/config` };
  }

  /** A page can't reach this machine: what it asks of `http://ingest.test` is answered here. */
  async routeFor(context) {
    await context.route("http://ingest.test/**", async (route) => {
      const request = route.request();
      const url = request.url().replace("http://ingest.test", "");
      const body = request.postDataBuffer() ?? Buffer.alloc(0);
      await route.fulfill({ headers: CORS, contentType: "application/json", body: this.#take(request.method(), url, await request.allHeaders(), body) });
    });
  }

  #take(method, url, headers, body) {
    if (method === "OPTIONS") return "";
    const text = (headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString("utf8");
    this.requests.push({ method, url, headers, text });
    return method === "GET" ? JSON.stringify({ configs: { sessionReplay: this.remoteConfig } }) : "{}";
  }

  /** What came for this device, by what it is: `{ requests, events, interactions }`. */
  of(device) {
    const requests = this.requests.filter(({ url }) => new URL(url, "http://ingest.test").searchParams.get("device_id") === device);
    const tracked = requests.map(({ url, text }) => ({ type: new URL(url, "http://ingest.test").searchParams.get("type"), ...JSON.parse(text) }));
    const eventsOf = (type) => tracked.filter((body) => body.type === type).flatMap((body) => body.events);
    return { requests, events: eventsOf("replay").map((event) => JSON.parse(event)), interactions: eventsOf("interaction") };
  }

  stop = () => this.#server.stop();
}
