// What Amplitude's own player, the version beside its recorder, shows at the end of a recording.
import { bundle } from "../../support/bundle.mjs";
import { project } from "../../support/paths.mjs";

const player = await bundle(`import { Replayer } from "@amplitude/rrweb"; window.Replayer = Replayer;`, `${project}/bindings/web`, { format: "iife", minify: true });
const PAGE = "https://player.test/";

/** One line for each element of the page's body, in its order, those of shadow trees and frames among them. */
export async function shownBy(browser, events) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  try {
    const page = await context.newPage();
    await page.route("**/*", (route) =>
      route.request().url() === PAGE ? route.fulfill({ contentType: "text/html", body: "<!doctype html><body></body>" }) : route.abort(),
    );
    await page.goto(PAGE);
    await page.addScriptTag({ content: player });
    await page.evaluate(async (events) => {
      const replayer = new Replayer(events, { root: document.body, mouseTail: false, showWarning: false, useVirtualDom: false });
      replayer.pause(events.at(-1).timestamp - events[0].timestamp + 1);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }, events);
    return await page.evaluate(outline);
  } finally {
    await context.close();
  }
}

/** Runs in the player's page. */
function outline() {
  const lines = [];
  const describe = (element, path) => {
    const style = element.ownerDocument.defaultView.getComputedStyle(element);
    const own = [...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data.trim()).filter(Boolean).join(" | ");
    const key = element.dataset?.k;
    const said = [key ? `${path} #${key}` : path];
    if (own) said.push(JSON.stringify(own));
    if ("value" in element && element.localName !== "li") said.push(`value=${element.value}`);
    if (element.type === "checkbox" || element.type === "radio") said.push(`checked=${element.checked}`);
    if (key) said.push(`${style.color} on ${style.backgroundColor}, ${style.display}, ${style.opacity}`);
    if (key && (element.scrollTop || element.scrollLeft)) said.push(`scrolled ${element.scrollLeft} ${element.scrollTop}`);
    if (element.localName === "dialog") said.push(element.matches(":modal") ? "modal" : element.open ? "open" : "closed");
    lines.push(said.join(" "));
  };
  const walk = (parent, path) => {
    const count = {};
    for (const element of parent.children) {
      // A player adds style elements of its own for constructed sheets; what they do is seen by the colors.
      if (["noscript", "script", "style"].includes(element.localName)) continue;
      const number = (count[element.localName] = (count[element.localName] ?? 0) + 1);
      const here = `${path}/${element.localName}${number > 1 ? number : ""}`;
      describe(element, here);
      if (element.shadowRoot) walk(element.shadowRoot, `${here}/#shadow`);
      walk(element, here);
      const inner = element.localName === "iframe" && element.contentDocument?.body;
      if (inner) walk(inner, `${here}/#frame`);
    }
  };
  walk(document.querySelector(".replayer-wrapper iframe").contentDocument.body, "");
  return lines;
}
