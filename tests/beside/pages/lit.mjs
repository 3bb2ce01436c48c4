// Web components by Lit itself: styles in constructed sheets that all instances share, and an element that is defined late, when
// it is in the document already.
import { fileURLToPath } from "node:url";
import { bundle } from "../../support/bundle.mjs";

const script = await bundle(
  `import { LitElement, css, html } from "lit";
  class Card extends LitElement {
    static properties = { title: {}, goods: { attribute: false } };
    static styles = css\`h2 { color: rgb(10, 20, 200) } li { color: rgb(0, 120, 0) } :host { display: block }\`;
    constructor() { super(); this.goods = ["apples", "pears"]; }
    render() {
      return html\`<h2 data-k="title">\${this.title}</h2><ul>\${this.goods.map((one) => html\`<li data-k="goods">\${one}</li>\`)}</ul>
        <input data-k="amount" .value=\${String(this.goods.length)}><slot></slot>\`;
    }
  }
  class Late extends LitElement {
    static styles = css\`p { color: rgb(200, 0, 100) }\`;
    render() { return html\`<p data-k="late-text">I came late</p>\`; }
  }
  customElements.define("shop-card", Card);
  window.defineLate = () => customElements.define("shop-late", Late);`,
  fileURLToPath(new URL("..", import.meta.url)),
  { format: "iife" },
);

export default {
  name: "lit",
  shows: ["document"],
  html: `<!doctype html><title>Lit</title><main><shop-card title="First">slotted</shop-card><shop-card title="Second"></shop-card>
    <shop-late></shop-late></main><script>${script}</script>`,
  async act(page) {
    await page.evaluate(() => defineLate());
    await page.waitForTimeout(100);
    await page.evaluate(() => (document.querySelector("shop-card").title = "Changed"));
    await page.evaluate(() => (document.querySelectorAll("shop-card")[1].goods = ["plums", "figs", "dates"]));
    await page.evaluate(() => document.querySelector("main").append(Object.assign(document.createElement("shop-card"), { title: "Third" })));
    await page.waitForTimeout(100);
    await page.click("shop-card [data-k=title]");
  },
};
