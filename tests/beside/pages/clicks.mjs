// Clicks and scroll depth for heatmaps: in a page that is longer than its window, in a shadow tree, and in an area that scrolls.
export default {
  name: "clicks",
  shows: ["interactions", "scrolled", "pointer"],
  html: `<!doctype html><title>Clicks</title><style>body { margin: 0 } .long { height: 3000px } .area { height: 100px; overflow: scroll }</style>
    <button id="buy" data-k="buy">buy</button><ul><li>one<li class="second" data-k="second">two</ul><div id="host"></div>
    <div class="area" data-k="area"><div class="long">area</div></div><div class="long">page</div><a data-k="last" href="#x">last</a>
    <script>document.getElementById("host").attachShadow({ mode: "open" }).innerHTML = '<button data-k="inside">inside</button>'</script>`,
  remote: { sr_interaction_config: { enabled: true, batch: false } },
  async act(page) {
    await page.click("#buy");
    await page.click("li.second");
    await page.click("[data-k=inside]");
    await page.evaluate(() => (document.querySelector(".area").scrollTop = 300));
    await page.waitForTimeout(200);
    await page.evaluate(() => scrollTo(0, 1_500));
    await page.waitForTimeout(300);
    await page.mouse.click(300, 200);
    await page.evaluate(() => scrollTo(0, 200));
    await page.waitForTimeout(300);
  },
};
