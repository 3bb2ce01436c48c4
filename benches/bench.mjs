// Measures us beside our peers, in the same run and on the same machine, and prints tables of medians and ratios:
//
//     node benches/bench.mjs [--quick] [PART…]
//
// docs/guide/performance.md says what each part measures and shows a run.

import { cpus } from "node:os";
import { cleanUp } from "./common.mjs";
import { footprint } from "./footprint.mjs";
import { growth } from "./growth.mjs";
import { node } from "./node.mjs";
import { page } from "./page.mjs";
import { pixels } from "./pixels.mjs";
import { receive } from "./receive.mjs";
import { record } from "./record.mjs";
import { replay } from "./replay.mjs";
import { snapshot } from "./snapshot.mjs";
import { showStates } from "./states.mjs";
import { viewer } from "./viewer.mjs";
import { views } from "./views.mjs";
import { whole } from "./whole.mjs";

const parts = { record, states: showStates, snapshot, whole, footprint, growth, node, page, pixels, views, viewer, receive, replay };

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
try {
  const unknown = asked.find((name) => !(name in parts));
  if (unknown) throw new Error(`there is no part "${unknown}", only ${Object.keys(parts).join(", ")}`);
  console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`);
  for (const name of asked.length > 0 ? asked : Object.keys(parts)) await parts[name]();
} finally {
  cleanUp();
}
