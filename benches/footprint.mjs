// What the library takes besides time on the caller's thread: bytes on disk and in memory, threads, wake-ups, the start,
// and the time to deliver what a killed process left behind (benches/c/footprint.c).

import { execFileSync } from "node:child_process";
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { alive, build, dead, folder, inScratch, median, optionsFor, project, quick, release, run, table } from "./common.mjs";

const rounds = quick ? 1 : 5;
const events = quick ? 100_000 : 1_000_000;
const left = quick ? 8e6 : 64e6;

/** Built without TLS and views; where its library is. */
function releaseWithout() {
  const target = join(release, "..", "left-out");
  execFileSync("make", ["library", "FEATURES=--no-default-features"], { cwd: project, stdio: "inherit", env: { ...process.env, CARGO_TARGET_DIR: target } });
  return join(target, "release");
}

function strippedBytes(built) {
  const library = join(folder, "stripped.so");
  copyFileSync(join(built, "libsession_replay.so"), library);
  execFileSync("strip", ["--strip-unneeded", library]);
  return statSync(library).size;
}

export async function footprint() {
  console.log(`\n## Footprint (medians of ${rounds} runs)\n`);
  const program = build("footprint.c");
  const numbers = async (...args) => Object.fromEntries((await run(program, ...args)).map(([name, value]) => [name, Number(value)]));
  const [idle, recovered] = [[], []];
  for (let round = 0; round < rounds; round++) {
    await inScratch(async (scratch) => {
      idle.push(await numbers("idle", JSON.stringify(optionsFor(scratch, alive)), events));
    });
    await inScratch(async (scratch) => {
      await run(program, "crash", JSON.stringify(optionsFor(scratch, dead)), left).catch((error) => {
        if (error.signal !== "SIGKILL") throw error;
      });
      recovered.push(await numbers("recover", JSON.stringify(optionsFor(scratch, alive))));
    });
  }
  const of = (value) => median(idle.map(value));
  const mega = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  const mebi = (kibi) => `${(kibi / 1024).toFixed(2)} MiB`;
  table(["", "measured", "target"], [
    ["the library, stripped", mega(strippedBytes(release)), "2.9 MB"],
    ["– without TLS and views", quick ? "not built" : mega(strippedBytes(releaseWithout())), "1.2 MB"],
    ["sr_init", `${(of((run) => run["init-us"]) / 1e3).toFixed(2)} ms`, "1 ms"],
    ["resident, more than before sr_init: after it", mebi(of((run) => run["rss-after-init"] - run["rss-before"])), "4 MiB"],
    [`– after ${events.toLocaleString("en")} events`, mebi(of((run) => run["rss-after-events"] - run["rss-before"])), "4 MiB"],
    ["– of that anonymous", mebi(of((run) => run["anonymous-after-events"] - run["anonymous-before"])), ""],
    ["threads", of((run) => run.threads), "2"],
    ["wake-ups in 10 s of idleness", of((run) => run["wake-ups"]), "1"],
    [`${left / 1e6} MB left by a crash, delivered in`, `${median(recovered.map((run) => run["recover-ms"])).toFixed(0)} ms`, ""],
  ]);
}
