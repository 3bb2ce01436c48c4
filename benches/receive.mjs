// How fast the viewer receives: recordings in gzipped batches, from several connections of another process, beside a bare server of the same
// HTTP library that only reads the bodies and unpacks them.

import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildRust, buildViewer, inScratch, median, quick, release, table } from "./common.mjs";
import { start } from "../tests/support/children.mjs";
import { read, recordingNames } from "../tests/support/recordings.mjs";
import { startViewerFrom } from "../tests/support/viewer.mjs";

const connections = 4;
const rounds = quick ? 1 : 5;
/** Unpacked bytes of a round. */
const bytesPerRound = quick ? 100e6 : 200e6;
/** About what the library puts into a batch. */
const batchBytes = 1_000_000;

export async function receive() {
  console.log(`\n## The viewer receives: gzipped batches of about ${batchBytes / 1e6} MB, ${connections} connections\n`);
  buildViewer();
  const bare = buildRust("receive");
  // Nothing is deleted before the last round: an ext4 without a journal takes many times as long to make a file for minutes after many were deleted, since
  // it passes over each of their places.
  const rows = await inScratch((scratch) => measureAll(scratch, bare));
  table(["recording", "MB a batch", "viewer, MB per processor second", "viewer, MB/s", "bare, MB per processor second", "bare, MB/s", "processor time, viewer : bare"], rows);
}

async function measureAll(scratch, bare) {
  const rows = [];
  for (const name of recordingNames) {
    const batches = batchesOf(read(name));
    const unpacked = batches.reduce((sum, batch) => sum + batch.bytes, 0) / batches.length;
    const figures = { viewer: [], bare: [] };
    for (let round = 0; round < rounds; round++) {
      const viewer = await startViewerFrom(release, "--data", join(scratch, `${name}-${round}`));
      figures.viewer.push(await measure(viewer, batches).finally(() => viewer.stop()));
      const server = await startBare(bare);
      figures.bare.push(await measure(server, batches).finally(() => server.stop()));
    }
    const middle = (who, what) => median(figures[who].map((figure) => figure[what]));
    const perCpu = middle("viewer", "perCpu");
    rows.push([
      name,
      (unpacked / 1e6).toFixed(2),
      perCpu.toFixed(0),
      middle("viewer", "perSecond").toFixed(0),
      middle("bare", "perCpu").toFixed(0),
      middle("bare", "perSecond").toFixed(0),
      median(figures.viewer.map((figure, round) => figures.bare[round].perCpu / figure.perCpu)).toFixed(2),
    ]);
  }
  return rows;
}

/** The events in bodies of about a size; a recording that is smaller is one body. */
function batchesOf(events) {
  const batches = [];
  let texts = [];
  const close = () => {
    const body = Buffer.from(`{"version":1,"events":[${texts.join(",")}]}`);
    batches.push({ bytes: body.length, body: gzipSync(body, { level: 6 }) });
    texts = [];
  };
  let bytes = 0;
  for (const { type, timestamp, delay, data } of events) {
    // Their members in the order that the library sends them in.
    const text = JSON.stringify(JSON.stringify({ type, timestamp, delay, data }));
    if (texts.length > 0 && bytes + text.length > batchBytes) {
      close();
      bytes = 0;
    }
    texts.push(text);
    bytes += text.length;
  }
  close();
  return batches;
}

/** Posts batches over all connections at once, each its own session. */
async function measure(server, batches) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = bytesPerRound;
  const client = async (number) => {
    for (let next = number; left > 0; next++) {
      const batch = batches[next % batches.length];
      left -= batch.bytes;
      await post(agent, `${server.url}/sessions/v2/track?device_id=bench&session_id=${number}&type=replay`, batch.body);
    }
  };
  await post(agent, `${server.url}/sessions/v2/track?device_id=bench&session_id=first&type=replay`, batches[0].body);
  const cpuBefore = cpu(server);
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, (_, number) => client(number)));
  const seconds = (performance.now() - began) / 1e3;
  const used = cpu(server) - cpuBefore;
  agent.destroy();
  const megabytes = (bytesPerRound - left) / 1e6;
  return { perSecond: megabytes / seconds, perCpu: megabytes / used };
}

function post(agent, url, body) {
  const headers = {
    "Content-Type": "application/json",
    "Content-Encoding": "gzip",
    "Content-Length": body.length,
    Authorization: "Bearer key",
    "X-Client-Library": "standalone/1.0.0",
    "X-Client-Version": "1.0.0",
    "X-Client-Sample-Rate": "1",
    "X-Sampling-Hash-Alg": "xxhash32",
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("end", () => (response.statusCode === 200 ? resolve() : reject(new Error(`it answers ${response.statusCode}`))));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Processor time of a server so far, in seconds. */
function cpu({ pid }) {
  const [, fields] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ");
  const [user, system] = fields.split(" ").slice(11, 13).map(Number);
  return (user + system) / 100;
}

async function startBare(program) {
  const url = await new Promise((resolve, reject) => {
    const server = start(program, [], {
      stdio: ["ignore", "pipe", "inherit"],
      onOutput(output) {
        const address = /listening on (\S+)\n/.exec(output);
        if (address) resolve({ url: address[1], child: server.child });
      },
    });
    server.ended.then(({ status }) => reject(new Error(`the bare server ended with status ${status}`)), reject);
  });
  return {
    url: url.url,
    pid: url.child.pid,
    stop: () => {
      const ended = new Promise((resolve) => url.child.once("exit", resolve));
      url.child.kill();
      return ended;
    },
  };
}
