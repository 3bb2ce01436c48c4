// Pages whose scripts do what another world does not see. `act` runs in the page once it is recorded. `snapshots`: how many full
// snapshots that takes, if not one. `onlyHere`: what the recorder in the page's own world, with rrweb alone, does not show.
export const PAGES = {
  "shadow roots of elements that are there already": {
    html: "<x-late>slotted</x-late><div id=plain></div><div id=outer></div>",
    act: () => {
      const root = document.querySelector("#plain").attachShadow({ mode: "open" });
      root.innerHTML = "<style>p { color: rgb(1, 2, 3) }</style><p>in a root</p><div></div>";
      root.querySelector("div").attachShadow({ mode: "open" }).innerHTML = "<b>inside of that</b>";
      customElements.define("x-late", class extends HTMLElement {
        constructor() {
          super();
          this.attachShadow({ mode: "open" }).innerHTML = "<i><slot></slot>, upgraded</i>";
        }
      });
      document.querySelector("#outer").setHTMLUnsafe("<div><template shadowrootmode=open><u>declared</u></template></div>");
    },
    snapshots: 2,
  },
  "an app of Lit that is loaded late": {
    html: "<style>my-app:not(:defined) { visibility: hidden }</style><my-app>light</my-app>",
    act: async () => {
      const { LitElement, html, css } = lit;
      const shared = css`p { color: rgb(9, 8, 7) }`;
      class Item extends LitElement {
        static styles = [shared, css`:host { display: block } p { font-size: 30px }`];
        static properties = { name: {} };
        render() { return html`<p>${this.name}</p>`; }
      }
      class App extends LitElement {
        static styles = [shared, css`:host { background-color: rgb(200, 210, 220) }`];
        static properties = { names: { state: true } };
        constructor() { super(); this.names = ["one", "two"]; }
        render() { return html`<p>list</p>${this.names.map((name) => html`<my-item name=${name}></my-item>`)}<slot></slot>`; }
      }
      customElements.define("my-item", Item);
      customElements.define("my-app", App);
      await document.querySelector("my-app").updateComplete;
      await new Promise((done) => setTimeout(done, 100));
      document.querySelector("my-app").names = ["one", "three", "four"];
      await document.querySelector("my-app").updateComplete;
    },
    usesLit: true,
    snapshots: 2,
    onlyHere: true,
  },
  "a lazy component that fills in its root later": {
    html: "<style>x-card { visibility: hidden } x-card.hydrated { visibility: visible }</style><x-card>A</x-card><x-card>B</x-card>",
    act: async () => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(":host { color: rgb(0, 100, 0) }");
      customElements.define("x-card", class extends HTMLElement {
        connectedCallback() {
          this.attachShadow({ mode: "open" });
          setTimeout(() => {
            this.shadowRoot.adoptedStyleSheets = [sheet];
            this.shadowRoot.innerHTML = "<section><slot></slot></section>";
            this.classList.add("hydrated");
          }, 50);
        }
      });
      await new Promise((done) => setTimeout(done, 150));
      sheet.insertRule("section { font-size: 40px }", 1);
    },
    snapshots: 2,
  },
  "constructed sheets, shared, exchanged and changed": {
    html: "<p>text</p><div id=a></div><div id=b></div>",
    act: async () => {
      const [one, two, three] = [new CSSStyleSheet(), new CSSStyleSheet(), new CSSStyleSheet()];
      one.replaceSync("p { color: rgb(10, 0, 0); --p: 4px; } @media all { p { font-size: 20px } }");
      const roots = ["a", "b"].map((id) => document.getElementById(id).attachShadow({ mode: "open" }));
      for (const root of roots) { root.innerHTML = "<p>in a root</p>"; root.adoptedStyleSheets = [one]; }
      document.adoptedStyleSheets = [one, two];
      await new Promise((done) => setTimeout(done, 50));
      two.replaceSync("p { background-color: rgb(0, 20, 0) }");
      two.insertRule("p { border-top: 3px solid rgb(0, 0, 1) }");
      await three.replace("p { width: 99px }");
      roots[1].adoptedStyleSheets = [two, three];
      one.cssRules[1].insertRule("p { font-size: 25px }", 1);
      one.cssRules[0].style.setProperty("color", "rgb(11, 0, 0)", "important");
      two.addRule("p", "visibility: hidden");
      two.deleteRule(2);
      two.removeRule(0);
    },
  },
  "a shorthand with var() in a constructed sheet": {
    html: "<p>text</p>",
    act: () => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("p { --w: 7px; border: var(--w) solid rgb(1, 1, 1); border-bottom-width: 1px }");
      document.adoptedStyleSheets = [sheet];
    },
  },
  "lists of adopted sheets that are changed in place, and emptied": {
    html: "<p>text</p><div id=a></div>",
    act: async () => {
      const sheet = (css) => { const made = new CSSStyleSheet(); made.replaceSync(css); return made; };
      document.adoptedStyleSheets.push(sheet("p { color: rgb(3, 3, 3) }"), sheet("p { font-size: 33px }"));
      const root = document.querySelector("#a").attachShadow({ mode: "open" });
      root.innerHTML = "<p>in a root</p>";
      root.adoptedStyleSheets = [sheet("p { color: rgb(4, 4, 4) }")];
      await new Promise((done) => setTimeout(done, 50));
      document.adoptedStyleSheets.splice(0, 1);
      root.adoptedStyleSheets.pop();
    },
    onlyHere: true,
  },
  "rules of a style element, as CSS-in-JS writes them": {
    html: "<style id=s>p { color: red } @media all { p { color: rgb(0, 5, 0) } @supports (color: red) { p { font-size: 10px } } }</style><p>text</p>",
    act: async () => {
      const { sheet } = document.querySelector("#s");
      sheet.insertRule("p { border-top: 2px solid rgb(0, 0, 0) }", sheet.cssRules.length);
      const media = sheet.cssRules[1];
      media.insertRule("p { color: rgb(0, 6, 0) }", 1);
      media.cssRules[2].insertRule("p { font-size: 11px }", 1);
      media.cssRules[2].deleteRule(0);
      media.cssRules[2].cssRules[0].style.setProperty("font-size", "12px");
      media.cssRules[1].style.setProperty("width", "50px");
      media.cssRules[1].style.removeProperty("color");
      const late = document.head.appendChild(document.createElement("style"));
      for (let i = 0; i < 3; i++) late.sheet.insertRule(`p { background-color: rgb(${i}, 0, 0) }`, i);
      await 0;
      late.sheet.insertRule("p { visibility: hidden }", 3);
      late.sheet.deleteRule(3);
    },
  },
  "declarations and selectors that are set without a call": {
    html: "<style id=s>p { color: red } @media print { p { width: 5px } } b { i & { color: red } } @keyframes k { from { width: 1px } }</style><p>text</p><i><b>bold</b></i>",
    act: async () => {
      const { cssRules } = document.querySelector("#s").sheet;
      cssRules[0].style.color = "rgb(7, 7, 7)";
      await 0;
      cssRules[0].style.setProperty("width", "44px");
      cssRules[0].style.fontSize = "17px";
      cssRules[1].media.mediaText = "all";
      await 0;
      cssRules[1].cssRules[0].style.cssText = "border-top: 5px solid red; width: 6px";
      cssRules[2].cssRules[0].style.color = "rgb(8, 8, 8)";
      cssRules[2].selectorText = "b, u";
      cssRules[2].styleMap.set("display", "block");
      cssRules[3].appendRule("to { width: 2px }");
    },
    onlyHere: true,
  },
  "sheets that are switched off and on": {
    html: "<style id=s>p { color: rgb(1, 0, 0) }</style><style id=t media=screen>p { width: 55px }</style><p>text</p>",
    act: () => {
      const adopt = (css) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        return sheet;
      };
      const [one, two] = [adopt("p { visibility: hidden }"), adopt("p { font-size: 31px }")];
      one.disabled = true;
      one.insertRule("p { display: none }");
      two.disabled = true;
      two.insertRule("p { border-top: 4px solid red }");
      two.disabled = false;
      document.querySelector("#s").sheet.disabled = true;
      document.querySelector("#t").disabled = true;
      document.querySelector("#t").sheet.disabled = false;
    },
    onlyHere: true,
  },
  "a sheet that is switched off before it is told": {
    html: "<p>text</p>",
    act: async () => {
      const style = document.head.appendChild(document.createElement("style"));
      style.textContent = "p { color: rgb(2, 0, 0) }";
      style.disabled = true;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("p { visibility: hidden }");
      sheet.disabled = true;
      document.adoptedStyleSheets = [sheet];
    },
  },
  "a frame of the same origin": {
    act: async () => {
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.contentDocument.body.innerHTML = "<style id=s>p { color: red }</style><p>framed</p><div></div>";
      await new Promise((done) => setTimeout(done, 200));
      const { contentDocument: inner, contentWindow } = document.querySelector("iframe");
      inner.querySelector("#s").sheet.insertRule("p { color: rgb(5, 6, 7) }", 1);
      inner.querySelector("div").attachShadow({ mode: "open" }).innerHTML = "<p>in the frame's root</p>";
      const sheet = new contentWindow.CSSStyleSheet();
      inner.adoptedStyleSheets = [sheet];
      sheet.replaceSync("div { color: rgb(6, 6, 6) }");
    },
  },
  "a modal dialog": {
    html: "<dialog>asks</dialog><dialog id=other>says</dialog>",
    act: () => {
      document.querySelector("dialog").showModal();
      document.querySelector("#other").show();
    },
  },
};
