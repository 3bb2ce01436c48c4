// Lazy components as Stencil and Ionic load them: a small element is defined at the start; its code comes later, attaches the shadow
// root to an element that is in the document, and styles it by a constructed sheet or a style element.
const script = `
  const shared = new CSSStyleSheet();
  shared.replaceSync(".inner { color: rgb(30, 60, 90) } :host(.hydrated) .inner { background-color: rgb(250, 240, 200) }");
  const later = (work) => setTimeout(work, 60);
  class Lazy extends HTMLElement {
    connectedCallback() {
      if (this.isLoaded) return;
      this.isLoaded = true;
      later(() => {
        const root = this.attachShadow({ mode: "open" });
        if (this.hasAttribute("own-style")) root.innerHTML = "<style>.inner { color: rgb(90, 0, 0) }</style>";
        else root.adoptedStyleSheets = [shared];
        const inner = Object.assign(document.createElement("div"), { className: "inner", textContent: this.getAttribute("label") });
        inner.dataset.k = "inner";
        const button = Object.assign(document.createElement("button"), { textContent: "more" });
        button.dataset.k = "button";
        button.onclick = () => (inner.textContent += " more");
        root.append(inner, button, document.createElement("slot"));
        this.classList.add("hydrated");
      });
    }
  }
  customElements.define("lazy-item", Lazy);
  window.addLater = () => document.querySelector("main").insertAdjacentHTML("beforeend", '<lazy-item label="third"><lazy-item label="nested"></lazy-item></lazy-item>');`;

export default {
  name: "stencil",
  shows: ["document", "pointer"],
  html: `<!doctype html><title>Lazy</title><main><lazy-item label="first">slotted</lazy-item><lazy-item label="second" own-style></lazy-item></main>
    <script>window.load = () => { ${script} }</script>`,
  async act(page) {
    // Not before all recorders are there: what they see in the first snapshot is no news.
    await page.evaluate(() => load());
    await page.waitForFunction(() => document.querySelectorAll(".hydrated").length === 2);
    await page.evaluate(() => addLater());
    await page.waitForFunction(() => document.querySelectorAll(".hydrated").length === 4);
    await page.click("lazy-item[label=first] button");
    await page.click("lazy-item[label=third] button");
    await page.waitForTimeout(200);
  },
};
