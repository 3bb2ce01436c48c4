// What recording costs a page's own thread: a table of 16,000 rows, recorded by us, by rrweb alone and by Amplitude's browser SDK, and
// not at all (benches/page/table.mjs has the page).

import { installed, median, npm, quick, table } from "./common.mjs";

const rounds = quick ? 1 : 5;

export async function page() {
  const web = installed("bindings/web");
  installed("tests/support");
  npm(web, "run", "build");
  // Only now there is what they import.
  const { launch } = await import("../tests/support/chromium.mjs");
  const { RECORDERS, STEPS, measure } = await import("./page/table.mjs");
  const browser = await launch();
  const times = Object.fromEntries(Object.keys(RECORDERS).map((name) => [name, []]));
  try {
    // They take turns, so that whatever else the machine does affects them alike.
    for (let round = 0; round < rounds; round++) for (const name of Object.keys(RECORDERS)) times[name].push(await measure(browser, name));
  } finally {
    await browser.close();
  }
  const middle = (name, step, what) => median(times[name].map((time) => time[step][what]));
  const own = (name, step) => middle(name, step, "all") - middle("not recorded", step, "all");
  const figure = (number) => number.toFixed(1);
  console.log(`\n## Scripts on a page's main thread, ms (medians of ${rounds} runs)\n`);
  const rows = STEPS.flatMap((step) =>
    Object.keys(RECORDERS).map((name) => {
      const isAlone = name === "not recorded";
      const ratio = isAlone ? "" : (own(name, step) / own("rrweb alone", step)).toFixed(2);
      return [`${step}: ${name}`, figure(middle(name, step, "all")), isAlone ? "" : figure(own(name, step)), ratio, figure(middle(name, step, "longest"))];
    }),
  );
  table(["", "ms in all", "ms of the recorder", "beside rrweb alone", "ms at a stretch"], rows);
}
