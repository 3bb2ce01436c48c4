// What lies above the page: dialogs, a popover, details.
export default {
  name: "dialogs",
  shows: ["document", "pointer"],
  html: `<!doctype html><title>Dialogs</title><dialog id="modal" data-k="modal"><p data-k="in-modal">modal text</p><button data-k="close">close</button></dialog>
    <dialog id="plain" data-k="plain"><p data-k="in-plain">plain text</p></dialog>
    <details data-k="details"><summary data-k="summary">more</summary><p data-k="in-details">hidden text</p></details>
    <div id="pop" popover data-k="popover"><p data-k="in-popover">popover text</p></div><button data-k="opens" popovertarget="pop">open</button>`,
  problems: {
    web: ["the page opens popovers: rrweb's player does not show what is in an open popover"],
    preload: [],
  },
  async act(page) {
    await page.click("[data-k=summary]");
    await page.evaluate(() => document.getElementById("plain").show());
    await page.evaluate(() => document.getElementById("modal").showModal());
    await page.click("[data-k=close]");
    await page.evaluate(() => document.getElementById("modal").close());
    await page.evaluate(() => document.getElementById("modal").showModal());
    await page.evaluate(() => document.getElementById("modal").close());
    await page.evaluate(() => document.getElementById("modal").showModal());
    await page.waitForTimeout(100);
    await page.evaluate(() => document.getElementById("pop").showPopover());
  },
};
