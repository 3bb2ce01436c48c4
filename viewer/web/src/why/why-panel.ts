// Why is there no replay? What the server can see, check by check, and in words what a recorder says of itself.

import "./why.css";
import { getWhy, sessionPath, whyPath } from "../api/client";
import type { Check, Why, WhyRequest } from "../api/types";
import { h, redraw } from "../dom/elements";
import { count, time } from "../dom/format";
import { PictureCheck } from "./picture-check";
import { explain } from "./stats";

/** A device, or one session of it. */
export interface Subject {
  device: string;
  session: string | null;
}

const STATES = { fine: "fine", problem: "problem", unknown: "not known" } as const;
const TROUBLESHOOTING = "https://github.com/session-replay/session-replay/blob/main/docs/guide/troubleshooting.md#why-is-there-no-replay";

export class WhyPanel {
  readonly element: HTMLElement;
  private readonly summary = h("p", { role: "status" });
  private readonly checks = h("ol", { class: "why-checks", "aria-label": "Checks" });
  private readonly requests = h("section", { "aria-label": "Requests without a batch" });

  private readonly picture: PictureCheck | null;
  private isAsking = false;
  private isStale = false;

  constructor(private readonly subject: Subject) {
    const { device, session } = subject;
    this.picture = session === null ? null : new PictureCheck({ device, session });
    const again = h("button", { type: "button", class: "quiet", click: () => void this.update() }, "Look again");
    this.element = h("div", { class: "why" }, h("div", { class: "row" }, this.summary, again), this.checks, this.requests, pasted());
    void this.update();
  }

  /** Asks again. What comes meanwhile waits for that: it is one question for a whole store. */
  async update(): Promise<void> {
    this.isStale = true;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.isStale) {
      this.isStale = false;
      await this.ask().catch((error: Error) => (this.summary.textContent = error.message));
    }
    this.isAsking = false;
  }

  private async ask(): Promise<void> {
    const why = await getWhy(this.subject.device, this.subject.session);
    const { picture } = this;
    const checks = picture ? await Promise.all(why.checks.map((check) => (check.code === "picture" ? picture.answer(check, why) : check))) : why.checks;
    this.show({ ...why, checks });
  }

  private show(why: Why): void {
    const problems = why.checks.filter(({ state }) => state === "problem").length;
    this.summary.textContent = problems > 0 ? `${count(problems, "problem")} found. Begin with the first.` : "No problem found.";
    redraw(this.checks, ...why.checks.map(row));
    const { requests } = why;
    this.requests.hidden = requests.length === 0;
    redraw(
      this.requests,
      h("h2", {}, "Refused, faulted and failed requests"),
      h("ol", { class: "requests" }, ...requests.map((request) => h("li", {}, article(request, why.device_id)))),
    );
  }
}

function row({ code, title, state, message, fix, at, docs }: Check): HTMLElement {
  return h(
    "li",
    { "data-code": code, "data-state": state },
    h("div", { class: "row" }, h("h2", {}, title), h("span", { class: "state" }, STATES[state]), at !== null && h("time", { class: "faint" }, time(at))),
    h("p", {}, message),
    fix !== null && h("p", { class: "fix" }, h("strong", {}, "What to do: "), fix),
    h("a", { href: docs, target: "_blank", rel: "noreferrer", "aria-label": `Documentation: ${title}` }, "Documentation"),
  );
}

function article(request: WhyRequest, device: string): HTMLElement {
  const { session_id: session, status, outcome, problems, fault, from } = request;
  return h(
    "article",
    {},
    h(
      "header",
      { class: "row" },
      h("span", { class: "badge problem" }, String(status ?? "cut")),
      outcome,
      h("time", { class: "faint" }, time(request.at)),
      from !== null && h("span", { class: "faint" }, `from ${from}`),
      session !== "" && h("a", { href: sessionPath({ device, session }), "data-link": true }, session),
    ),
    fault !== null && h("p", {}, `A fault answered: ${fault}.`),
    problems.length > 0 && h("p", {}, problems.join("; ")),
  );
}

/** Where what a recorder says of itself is pasted, which no server can see. */
function pasted(): HTMLElement {
  const field = h("textarea", { rows: 6, spellcheck: "false", autocomplete: "off", "aria-describedby": "why-stats-note" });
  const said = h("div", { role: "status", "aria-label": "What it means" });
  field.addEventListener("input", () => {
    const lines = field.value.trim() === "" ? [] : explain(field.value);
    const items = lines.map(({ isProblem, text }) => h("li", { "data-state": isProblem ? "problem" : "fine" }, text));
    said.replaceChildren(...(items.length > 0 ? [h("ul", { class: "why-stats" }, ...items)] : []));
  });
  return h(
    "section",
    { "aria-label": "What the recorder says" },
    h("h2", {}, "What the recorder says"),
    h("p", { id: "why-stats-note" }, "Opted out, not in the sample, not captured: then nothing is sent, and no server can know why. Print sr_stats() in the program, and paste it here. It is read in this page and sent nowhere."),
    h("label", {}, "Output of sr_stats()", field),
    said,
    h("p", {}, h("a", { href: TROUBLESHOOTING, target: "_blank", rel: "noreferrer" }, "What each state and counter means")),
  );
}

/** The page of its own: head, and the panel. */
export function whyPage(main: HTMLElement, subject: Subject): WhyPanel {
  const panel = new WhyPanel(subject);
  const { device, session } = subject;
  const title = session === null ? device : `${device}/${session}`;
  main.replaceChildren(
    h(
      "div",
      { class: "why-page" },
      h("a", { class: "back quiet", href: "/", "data-link": true, "aria-label": "Back to the list" }, "←"),
      h("h1", {}, "Why is there no replay?"),
      h("p", {}, h("code", {}, title)),
      session !== null && h("p", { class: "row" }, h("a", { href: sessionPath({ device, session }), "data-link": true }, "The session"), h("a", { href: whyPath(device, null), "data-link": true }, "The device")),
      panel.element,
    ),
  );
  return panel;
}
