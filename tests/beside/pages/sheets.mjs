// Style sheets that no text of the document holds: constructed ones, shared over the document and shadow roots, and changed by each
// function that there is.
const script = `
  const shared = new CSSStyleSheet();
  shared.replaceSync("[data-k] { color: rgb(1, 1, 1) }");
  document.adoptedStyleSheets = [shared];
  for (const id of ["one", "two"]) {
    const root = document.getElementById(id).attachShadow({ mode: "open" });
    root.innerHTML = '<p data-k="in-' + id + '">text</p>';
    root.adoptedStyleSheets = [shared];
  }
  window.shared = shared;`;

export default {
  name: "sheets",
  shows: ["document"],
  html: `<!doctype html><title>Sheets</title><style id="own">@media all { [data-k=grouped] { color: rgb(2, 2, 2) } } [data-k=declared] { color: rgb(2, 3, 4) }</style>
    <main><div id="one"></div><div id="two"></div><p data-k="light">text</p><p data-k="grouped">text</p><p data-k="declared">text</p>
    <p data-k="ruled">text</p><p data-k="moved">text</p></main><script>${script}</script>`,
  async act(page) {
    const steps = [
      () => shared.replaceSync("[data-k] { color: rgb(9, 9, 200) }"),
      () => shared.insertRule("[data-k=in-one] { background-color: rgb(200, 250, 200) }", 1),
      () => {
        const { sheet } = document.getElementById("own");
        sheet.cssRules[0].insertRule("[data-k=grouped] { background-color: rgb(250, 200, 0) }", 1);
        sheet.cssRules[1].style.setProperty("background-color", "rgb(0, 200, 250)", "important");
        sheet.insertRule("[data-k=ruled] { background-color: rgb(1, 2, 3) }", 2);
      },
      () => {
        const second = new CSSStyleSheet();
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, second];
        second.replaceSync("[data-k=light] { background-color: rgb(7, 7, 7) }");
      },
      () => document.getElementById("two").shadowRoot.adoptedStyleSheets.pop(),
      () => document.querySelector("[data-k=moved]").animate([{ opacity: 1 }, { opacity: 0.5 }], { duration: 10, fill: "forwards" }),
    ];
    for (const step of steps) {
      await page.evaluate((step) => void (0, eval)(`(${step})()`), String(step));
      await page.waitForTimeout(80);
    }
    // Where it can't be told, a full snapshot says it; there is time for that.
    await page.waitForTimeout(1_500);
  },
};
