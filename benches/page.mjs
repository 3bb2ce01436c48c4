// What recording costs a page's own thread: a large table and a form (benches/page/pages.mjs), recorded by us, by rrweb alone and by
// Amplitude's browser SDK, and not at all (benches/page/measuring.mjs).

import { installed, median, npm, quick, table } from "./common.mjs";

const rounds = quick ? 1 : 5;
/** Of what rrweb alone takes, at most. */
const AIM = 1.2;

export async function page() {
  const web = installed("bindings/web");
  installed("tests/support");
  npm(web, "run", "build");
  // Only now there is what they import.
  const { launch } = await import("../tests/support/chromium.mjs");
  const { FIRST, RECORDERS, measure } = await import("./page/measuring.mjs");
  const { PAGES } = await import("./page/pages.mjs");
  const browser = await launch();
  const names = Object.keys(RECORDERS);
  const times = Object.fromEntries(Object.keys(PAGES).map((title) => [title, Object.fromEntries(names.map((name) => [name, []]))]));
  try {
    // They take turns, so that whatever else the machine does affects them alike.
    for (let round = 0; round < rounds; round++) {
      for (const [title, page] of Object.entries(PAGES)) for (const name of names) times[title][name].push(await measure(browser, name, page));
    }
  } finally {
    await browser.close();
  }
  const figure = (number) => number.toFixed(1);
  for (const [title, { steps }] of Object.entries(PAGES)) {
    const middle = (name, step, what) => median(times[title][name].map((time) => time[step][what]));
    const own = (name, step) => middle(name, step, "all") - middle("not recorded", step, "all");
    console.log(`\n## Scripts on the main thread of ${title}, ms (medians of ${rounds} runs)\n`);
    const rows = [FIRST, ...Object.keys(steps)].flatMap((step) =>
      names.map((name) => {
        const isAlone = name === "not recorded";
        const ratio = isAlone ? "" : (own(name, step) / own("rrweb alone", step)).toFixed(2);
        const aim = name === "ours" ? `≤ ${AIM.toFixed(2)}` : "";
        return [`${step}: ${name}`, figure(middle(name, step, "all")), isAlone ? "" : figure(own(name, step)), ratio, aim, figure(middle(name, step, "longest"))];
      }),
    );
    table(["", "ms in all", "ms of the recorder", "beside rrweb alone", "aim", "ms at a stretch"], rows);
  }
}
