// Some changes by the page's scripts don't show in the document itself: values they set, what they do to style sheets, shadow
// roots. So small injected scripts notice them in the page's world, and report them by events whose names the page does not
// know. Without them the rest is recorded all the same. Each report is checked nevertheless.
import { listen } from "../../../../../web/src/index";
import { ElementRegistry } from "../element-registry.js";
import type { Link } from "../link.js";
import { PageCalls } from "../page-calls.js";
import { reportAdoptedSheets } from "./adopted-sheets.js";
import { reportCustomElements } from "./custom-elements.js";
import { runInMainWorld } from "./run.js";
import { reportSetValues } from "./set-values.js";
import { reportShadowRoots } from "./shadow-roots.js";
import { reportSheetRules } from "./sheet-rules.js";
import { offerTools, type PageWindow } from "./tools.js";

/** The tools first; the sheets' script takes the setter that the next one wraps. */
const SCRIPTS = [offerTools, reportSetValues, reportSheetRules, reportAdoptedSheets, reportShadowRoots, reportCustomElements];

export function watchMainWorld(link: Link): void {
  const event = `session-replay-${link.document}`;
  const { recorder } = link;
  const calls = new PageCalls(recorder);
  const elements = new ElementRegistry(recorder);
  const frames = new WeakSet<Document>();
  const onReport = (report: Event) => {
    const target = report.composedPath()[0] as Node;
    const detail: unknown = (report as CustomEvent).detail;
    if (typeof detail !== "string") return;
    if (detail === "value") recorder.reported.valueChanged(target as Element);
    else if (detail === "attachShadow") calls.attachShadow(target as Element);
    else if (detail === "adopt") calls.adopt(target);
    else if (detail.startsWith("define\n")) elements.define(detail.slice("define\n".length));
    else calls.ofSheet((target as HTMLStyleElement).sheet, detail);
  };
  const onCarrier = ({ relatedTarget }: FocusEvent) => {
    const root = (relatedTarget as Element | null)?.shadowRoot;
    relatedTarget?.addEventListener(event, (report) => {
      const detail: unknown = (report as CustomEvent).detail;
      if (typeof detail === "string") calls.ofSheet(root?.adoptedStyleSheets[0], detail);
    });
  };
  const listenIn = (shown: Document) => {
    calls.prepare(shown.defaultView as PageWindow);
    listen(shown, event, onReport, { capture: true });
    listen(shown, `${event}-carrier`, (given) => onCarrier(given as FocusEvent), { capture: true });
  };
  listenIn(document);
  recorder.seeWrites();
  recorder.onFrame = (frame) => {
    if (!frame.defaultView || frames.has(frame)) return;
    frames.add(frame);
    listenIn(frame);
    frame.defaultView.frameElement?.dispatchEvent(new CustomEvent(`${event}-frame`, { composed: true }));
  };
  for (const script of SCRIPTS) {
    try {
      runInMainWorld(script, event);
    } catch (error) {
      // An app's bundler may have made something of it that does not stand alone.
      console.warn("session-replay: a script of the page's world failed, and what it reports is not recorded:", error);
    }
  }
}
