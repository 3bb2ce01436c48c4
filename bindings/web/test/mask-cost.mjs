// What the mask costs: a table of 16,000 nodes is rebuilt with rrweb alone, and with the recorder. Not a test: times are
// worth something on a quiet machine only. `npm run mask-cost`; it fails above the promised ratio.
import { bundle, launch, open, script } from "./support/page.mjs";

const ROUNDS = 15;
const MAX_RATIO = 1.5;
const SLIM = `{ script: true, comment: true, headFavicon: true, headWhitespace: true, headMetaSocial: true }`;

/** As bare as a recording can be: rrweb's events in JSON. */
const alone = await bundle(
  `import { record } from "rrweb";
   if (top === window) document.addEventListener("DOMContentLoaded", () => {
     record({ emit: (event) => (window.sent = (window.sent ?? 0) + JSON.stringify(event).length), slimDOMOptions: ${SLIM} });
   });`,
  { minify: true },
);

const configured = (privacyConfig) =>
  `window.sessionReplayRecorderOptions = ${JSON.stringify({ privacyConfig })};
   window.sessionReplayRecorderOptions.postMessage = (lines) => (window.sent = (window.sent ?? 0) + lines.length);`;

/** 1,000 rows of five cells, each with a text, and between them what tables have of classes and attributes. */
const HTML = `<!doctype html><style>td { padding: 1px }</style><input type="password" value="hunter22">
  ${'<div class="page">'.repeat(12)}<main class="app"><table><tbody id="rows"></tbody></table></main>`;

/** Runs in the page, and returns when all observers have run. */
async function rebuild(isTimed) {
  const rows = document.getElementById("rows");
  const cells = (i) => [1, 2, 3, 4, 5, 6, 7].map((n) => `<td class="cell c${n}">Cell ${i}.${n}</td>`).join("");
  const row = (i) => `<tr class="row" data-row="${i}">${cells(i)}</tr>`;
  if (isTimed) rows.innerHTML = Array.from({ length: 1067 }, (_, i) => row(i)).join("");
  else rows.textContent = "";
  await null;
}

/** Time that the page's thread computed for, in milliseconds: others on the machine count little. */
async function computing(cdp, work) {
  const now = async () => (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const before = await now();
  await work();
  return ((await now()) - before) * 1_000;
}

const browser = await launch();
const kinds = { "rrweb alone": [alone] };
for (const defaultMaskLevel of ["light", "medium", "conservative"])
  kinds[defaultMaskLevel] = [configured({ defaultMaskLevel }), script];
kinds["with selectors"] = [
  configured({ defaultMaskLevel: "medium", blockSelector: ".secret", maskSelector: [".private"], unmaskSelector: [".public"] }),
  script,
];
kinds["all at once"] = [
  configured({
    defaultMaskLevel: "conservative",
    blockSelector: ".secret, main > .hidden",
    maskSelector: [".private", "[data-private]"],
    unmaskSelector: [".public", "main .shown"],
    maskAttributes: ["title", "data-row"],
  }),
  script,
];
const pages = {};
for (const [kind, scripts] of Object.entries(kinds)) {
  const { page } = await open(browser, HTML, scripts);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  pages[kind] = { page, cdp };
}
const times = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
for (let round = 0; round < ROUNDS; round++)
  for (const [kind, { page, cdp }] of Object.entries(pages)) {
    await page.evaluate(rebuild, false);
    await page.waitForTimeout(300);
    times[kind].push(await computing(cdp, () => page.evaluate(rebuild, true)));
  }
const least = (list) => Math.min(...list);
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const base = { least: least(times["rrweb alone"]), median: median(times["rrweb alone"]) };
let isTooMuch = false;
for (const [kind, list] of Object.entries(times)) {
  const ratio = least(list) / base.least;
  isTooMuch ||= ratio > MAX_RATIO;
  console.log(
    `${kind.padEnd(16)} least ${least(list).toFixed(1)} ms, median ${median(list).toFixed(1)} ms: ` +
      `${ratio.toFixed(2)} (median ${(median(list) / base.median).toFixed(2)}) times rrweb alone`,
  );
}
await browser.close();
process.exit(isTooMuch ? 1 : 0);
