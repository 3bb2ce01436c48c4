// Records a few events with the installed package, and ends well if they reach a server on loopback: for a machine that has nothing
// but Node.js and what npm installed. The release workflow runs it on each system.
const { createServer } = require("node:http");
const { gunzipSync } = require("node:zlib");
const sessionReplay = require("session-replay-native");

const EVENTS = 10;
const sessionId = Date.now();
const arrived = [];

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  arrived.push(...JSON.parse(text.toString()).events.map((event) => JSON.parse(event).data.payload));
  response.writeHead(200, { "Content-Type": "application/json" }).end('{ "code": 200 }');
});

server.listen(0, "127.0.0.1", async () => {
  const trackServerUrl = `http://127.0.0.1:${server.address().port}/sessions/v2/track`;
  await sessionReplay.init("key", { deviceId: "smoke", sessionId, sampleRate: 1, enableRemoteConfig: false, trackServerUrl }).promise;
  for (let i = 0; i < EVENTS; i++) sessionReplay.record({ type: 5, timestamp: sessionId, data: { tag: "n", payload: i } });
  const advice = sessionReplay.stats().advice ?? "";
  const ended = await sessionReplay.shutdown(30_000);
  server.close();
  const isWhole = JSON.stringify(arrived) === JSON.stringify([...Array(EVENTS).keys()]);
  console.log(`${process.platform}-${process.arch}: ${ended}, ${arrived.length} of ${EVENTS} events arrived`, advice);
  process.exitCode = ended === "ok" && isWhole ? 0 : 1;
});
