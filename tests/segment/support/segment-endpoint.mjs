// Segment's servers on loopback: keeps every event that arrives, in the order of arrival.
import { createServer } from "node:http";

/** Starts it on a free port. `events` fills up: what `/v1/t` and its like, `/v1/batch` and `/2/httpapi` were sent. */
export async function startSegment() {
  const events = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" };
    if (request.method !== "POST") return void response.writeHead(200, cors).end("{}");
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
    events.push(...(body.batch ?? body.events ?? [body]));
    response.writeHead(200, { ...cors, "Content-Type": "application/json" }).end('{"success":true,"code":200}');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return {
    events,
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    /** The events, once so many have come. */
    async arrived(count, milliseconds = 20_000) {
      const deadline = Date.now() + milliseconds;
      while (events.length < count) {
        if (Date.now() > deadline) throw new Error(`${events.length} events came to Segment, not ${count}: ${JSON.stringify(events)}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return events;
    },
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}
