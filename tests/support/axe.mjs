// What axe-core finds on a page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What it finds, as lines: rule, element, what is wrong. All rules run: WCAG 2.2 A and AA, and best practices. It does not go into frames: what is
 * replayed there is the recorded app's.
 */
export async function findings(page) {
  // `evaluate` may do what the page's policy forbids its own scripts.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  return page.evaluate(async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations, passes } = await window.axe.run(document, { runOnly, iframes: false, resultTypes: ["violations"] });
    if (passes.length < 10) throw new Error(`axe looked at ${passes.length} rules only`);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.replace(/\s+/g, " ")}`));
  });
}
