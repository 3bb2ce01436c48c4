// Frames: of the page's own origin, and of another one.
const inner = `<!doctype html><title>Inner</title><p data-k="inner-text">text of the other origin</p><input data-k="inner-field">
  <script>addEventListener("message", ({ data }) => data === "change" && (document.querySelector("p").textContent = "changed in the frame"))</script>`;

export default {
  name: "frames",
  shows: ["document"],
  options: { crossOriginIframes: { enabled: true } },
  html: `<!doctype html><title>Frames</title><p data-k="outer-text">outer</p>
    <iframe data-k="own" srcdoc='<p data-k="own-text">own frame</p>'></iframe>
    <iframe data-k="other" src="http://other.test/inner"></iframe>`,
  other: { "/inner": inner },
  async act(page) {
    await page.waitForTimeout(500);
    await page.evaluate(() => document.querySelectorAll("iframe")[1].contentWindow.postMessage("change", "*"));
    const own = page.frames().find((frame) => frame.url() === "about:srcdoc");
    await own.evaluate(() => (document.querySelector("p").textContent = "own frame, changed"));
    const other = page.frames().find((frame) => frame.url().startsWith("http://other.test"));
    await other.click("input");
    await page.waitForTimeout(300);
  },
};
