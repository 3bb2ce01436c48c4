// Segment's servers on loopback: keeps every event that arrives, in the order of arrival.
import { serve } from "../../support/servers.mjs";
import { until } from "../../support/waiting.mjs";

/** Starts it on a free port. `events` fills up: what `/v1/t` and its like, `/v1/batch` and `/2/httpapi` were sent. */
export async function startSegment() {
  const events = [];
  const server = await serve(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" };
    if (request.method !== "POST") return void response.writeHead(200, cors).end("{}");
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
    events.push(...(body.batch ?? body.events ?? [body]));
    response.writeHead(200, { ...cors, "Content-Type": "application/json" }).end('{"success":true,"code":200}');
  });
  return {
    events,
    host: server.host,
    url: server.url,
    /** The events, once so many have come. */
    async arrived(count, milliseconds = 20_000) {
      const what = () => `${count} events come to Segment, not ${events.length}: ${JSON.stringify(events)}`;
      await until(() => events.length >= count, what, milliseconds);
      return events;
    },
    stop: server.stop,
  };
}
