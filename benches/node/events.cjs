// Times record() of the Node.js package, beside JSON.stringify alone, an empty call, and Amplitude's browser SDK taking the
// same events from its recorder:
//
//     node events.cjs koffi|ffi-napi EMPTY_LIBRARY RECORDING OPTIONS_JSON ROUNDS
//
// They take turns, so many events at a time as a page's turn may bring; each time includes the end of the turn, when
// ffi-napi's events are handed over. Prints `name ns-per-event`, the medians.

"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { setImmediate: turn } = require("node:timers/promises");

const browserSdk = require("./browser-sdk.cjs");
const bindings = join(__dirname, "../../bindings/node");
const { init, record, shutdown, stats } = require(bindings);
const [backend, emptyLibrary, recording, options, rounds] = process.argv.slice(2);
const BURST = 50;

/** An empty call through the same FFI. */
function emptyCall() {
  const from = (name) => require(require.resolve(name, { paths: [bindings] }));
  if (backend === "koffi") return from("koffi").load(emptyLibrary).func("empty_record", "int32_t", ["const char *", "size_t"]);
  return from("ffi-napi").Library(emptyLibrary, { empty_record: ["int32", ["string", "size_t"]] }).empty_record;
}

async function main() {
  await init("bench-key", { ...JSON.parse(options), backend }).promise;
  // As any recording begins: without it, the library asks for it with every answer.
  record('{"type":2,"timestamp":1732300000000,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"html","childNodes":[]}],"id":1}}}');
  const empty = emptyCall();
  const sdk = await browserSdk.start(JSON.parse(options).trackServerUrl);
  // Incremental snapshots of usual length: what a page brings while it is used.
  const texts = readFileSync(recording, "utf8").split("\n").filter((line) => line.length > 100 && line.length < 500).slice(0, BURST);
  const objects = texts.map((text) => JSON.parse(text));
  const buffers = texts.map((text) => Buffer.from(text));
  let sink = 0;
  const contenders = {
    "JSON.stringify": (i) => (sink += JSON.stringify(objects[i]).length),
    "empty-call": (i) => (sink += empty(texts[i], texts[i].length)),
    "JSON.stringify, empty-call": (i) => {
      const text = JSON.stringify(objects[i]);
      sink += empty(text, text.length);
    },
    "record-string": (i) => record(texts[i]),
    "record-object": (i) => record(objects[i]),
    "record-buffer": (i) => record(buffers[i]),
    "browser-sdk": (i) => sdk.enqueue(objects[i]),
  };
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < Number(rounds); round++) {
    for (const [name, one] of Object.entries(contenders)) {
      const began = process.hrtime.bigint();
      for (let i = 0; i < texts.length; i++) one(i);
      // Microtasks run before the promise goes on.
      await null;
      samples[name].push(Number(process.hrtime.bigint() - began) / texts.length);
    }
    if (round % 20 === 19) {
      await turn();
      await sdk.send();
    }
  }
  const middle = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
  for (const [name, numbers] of Object.entries(samples)) console.log(`${name.replaceAll(" ", "\u00a0")} ${middle(numbers).toFixed(1)}`);
  const bytes = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  console.log(`bytes ${bytes.toFixed(0)}`);
  const { refused } = stats();
  if (Object.values(refused).some((count) => count > 0)) throw new Error(`refused: ${JSON.stringify(refused)}`);
  await shutdown(1000);
  return sink;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
