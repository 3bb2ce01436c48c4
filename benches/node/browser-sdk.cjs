// Amplitude's browser SDK, from an rrweb event to its server, without rrweb: what its work for an event costs.
//
//     node browser-sdk.cjs RECORDING BYTES URL
//
// Hands over the events of a recording, again and again up to BYTES, as its recorder does, and waits until all are sent.
// Prints `event-bytes cpu-ms elapsed-ms wire-bytes`, as benches/c/whole.c does; the processor's time is that of all threads.

"use strict";
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

// Not part of its public API: its parts are used as its index.js does, with its store in memory.
const web = join(__dirname, "../../bindings/web");
const parts = dirname(require.resolve("@amplitude/session-replay-browser", { paths: [web] }));
const { EventCompressor } = require(join(parts, "events/event-compressor.js"));
const { createEventsManager } = require(join(parts, "events/events-manager.js"));

const SESSION = 1_732_300_000_000;
const DEVICE = "bench";
/** Its interval has it send now and then, which keeps its lists short. Here the events of minutes come at once. */
const BETWEEN_SENDS = 64_000;

/** `{ enqueue(event), send() }`. */
async function start(url) {
  const complain = (...words) => console.error(...words);
  const config = {
    apiKey: "bench-key",
    deviceId: DEVICE,
    flushMaxRetries: 1,
    loggerProvider: { log() {}, debug() {}, warn: complain, error: complain },
    sampleRate: 1,
    serverZone: "US",
    trackServerUrl: url,
  };
  const manager = await createEventsManager({ config, type: "replay", storeType: "memory" });
  const compressor = new EventCompressor(manager, config, DEVICE);
  return {
    enqueue: (event) => compressor.enqueueEvent(event, SESSION),
    send: async () => {
      manager.sendCurrentSequenceEvents({ sessionId: SESSION, deviceId: DEVICE });
      // The store's promises come first: only then is there something to flush.
      await new Promise(setImmediate);
      await manager.flush(false);
    },
  };
}

async function main([recording, bytes, url]) {
  const lines = readFileSync(recording, "utf8").split("\n").filter(Boolean);
  const events = lines.map((line) => JSON.parse(line));
  let wire = 0;
  const { fetch } = globalThis;
  let answered = Promise.resolve();
  globalThis.fetch = (...call) => {
    wire += call[1].body.length;
    const answer = fetch(...call);
    answered = Promise.all([answered, answer]);
    return answer;
  };
  const sdk = await start(url);
  const before = process.cpuUsage();
  const began = process.hrtime.bigint();
  let done = 0, sent = 0;
  for (let i = 0; done < Number(bytes); i = (i + 1) % events.length) {
    sdk.enqueue(events[i]);
    done += Buffer.byteLength(lines[i]);
    if (done - sent >= BETWEEN_SENDS) {
      await sdk.send();
      sent = done;
    }
  }
  await sdk.send();
  await answered;
  const { user, system } = process.cpuUsage(before);
  console.log(`${done} ${(user + system) / 1e3} ${Number(process.hrtime.bigint() - began) / 1e6} ${wire}`);
}

module.exports = { start };
if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error);
    process.exit(1);
  });
}
