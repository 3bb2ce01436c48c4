// Asks what to delete, says what that is, and deletes it.

import "./delete.css";
import { getDetails } from "../api/client";
import { deleteSessions, type Deleted, type Doomed } from "../api/keep";
import { h } from "../dom/elements";
import { bytes, count } from "../dom/format";
import { currentRoute, navigate, type Route } from "../page/route";
import { announce, announceFailure } from "./announcement";
import { icon } from "./icons";

const DEFAULT_DAYS = 30;
const DAY_MS = 86_400_000;
/** Typing pauses for so long before it is asked what would go: each answer lists the store. */
const PAUSE_MS = 300;

/** Puts a button behind an element that opens the question. */
export function offerDeletion(behind: Element): void {
  const open = () => {
    if (!document.querySelector("dialog[open]")) new Question(currentRoute()).open();
  };
  // While the question stands, keys are the dialog's: the page's own would leave it, or copy a link behind it.
  addEventListener("keydown", (event) => document.querySelector("dialog.deletion[open]") && event.stopImmediatePropagation(), { capture: true });
  behind.after(h("button", { type: "button", class: "quiet tool", "aria-keyshortcuts": "Delete", "aria-haspopup": "dialog", click: open }, icon("delete"), h("span", {}, "Delete…")));
}

class Question {
  private readonly dialog: HTMLDialogElement;
  private readonly days = h("input", { type: "number", name: "days", min: 0, max: 36_500, step: 1, value: DEFAULT_DAYS, "aria-label": "Days" });
  private readonly told = h("p", { class: "told", role: "status" });
  private readonly confirm = h("button", { type: "submit", class: "grave", disabled: true }, "Delete");
  private readonly radios: [HTMLInputElement, () => Doomed][] = [];
  /** What the answer that is shown is about. */
  private doomed: Doomed | null = null;
  private timer: number | undefined;
  /** Ends the question before. */
  private asked = new AbortController();

  constructor(private readonly route: Route | null) {
    const choices = h("fieldset", {}, h("legend", {}, "What goes"));
    if (route) {
      choices.append(this.choice(() => ({ session: route }), "This session: ", h("code", {}, `${route.device}/${route.session}`)));
      choices.append(this.choice(() => ({ device: route.device }), "All sessions of the device ", h("code", {}, route.device)));
    }
    const older = this.choice(() => ({ olderThan: Math.round(Math.max(0, Date.now() - this.days.valueAsNumber * DAY_MS)) }), "All sessions of which nothing has arrived for so many days: ");
    choices.append(h("div", { class: "row" }, older, this.days));
    const cancel = h("button", { type: "button", autofocus: true, click: () => this.dialog.close() }, "Cancel");
    const form = h("form", { method: "dialog" }, h("h2", { id: "delete-title" }, "Delete sessions"), choices, this.told, h("div", { class: "row end" }, cancel, this.confirm));
    this.dialog = h("dialog", { class: "deletion", "aria-labelledby": "delete-title" }, form);
    form.addEventListener("change", (event) => {
      // What the days are is told as they are typed; their change comes when the button takes the focus from them.
      if (event.target !== this.days) this.ask();
    });
    this.days.addEventListener("input", () => {
      const last = this.radios.at(-1);
      if (last) last[0].checked = true;
      this.ask(PAUSE_MS);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.carryOut();
    });
    this.dialog.addEventListener("close", () => {
      clearTimeout(this.timer);
      this.asked.abort();
      this.dialog.remove();
    });
  }

  open(): void {
    const first = this.radios[0];
    if (first) first[0].checked = true;
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.ask();
  }

  private choice(doomed: () => Doomed, ...label: (string | Node)[]): HTMLElement {
    const radio = h("input", { type: "radio", name: "what" });
    this.radios.push([radio, doomed]);
    return h("label", {}, radio, " ", ...label);
  }

  /** Says how much it would be, where nothing else is asked within so many milliseconds. */
  private ask(pause = 0): void {
    clearTimeout(this.timer);
    this.asked.abort();
    this.confirm.disabled = true;
    const chosen = this.radios.find(([radio]) => radio.checked)?.[1]() ?? null;
    this.doomed = chosen;
    if (!chosen || ("olderThan" in chosen && !Number.isSafeInteger(chosen.olderThan))) {
      this.told.textContent = "Say how many days.";
      return;
    }
    this.told.textContent = "Looking…";
    this.asked = new AbortController();
    const { signal } = this.asked;
    this.timer = setTimeout(() => void this.look(chosen, signal), pause);
  }

  private async look(chosen: Doomed, signal: AbortSignal): Promise<void> {
    try {
      const would = await deleteSessions(chosen, true, signal);
      if (signal.aborted) return;
      this.told.textContent = inWords(would);
      this.confirm.textContent = would.sessions > 0 ? `Delete ${count(would.sessions, "session")}` : "Delete";
      this.confirm.disabled = would.sessions === 0;
    } catch (error) {
      if (!signal.aborted) this.told.textContent = (error as Error).message;
    }
  }

  private async carryOut(): Promise<void> {
    const { doomed, route } = this;
    if (!doomed || this.confirm.disabled) return;
    this.dialog.close();
    // The page of what is deleted is left before, so that it does not ask for what is not there any more.
    if (route && !("olderThan" in doomed)) navigate(null);
    announce("Deleting…", true);
    try {
      const { sessions, bytes: size } = await deleteSessions(doomed, false);
      announce(`Deleted ${count(sessions, "session")} (${bytes(size)})`);
    } catch (error) {
      announceFailure(`Not everything was deleted: ${(error as Error).message}`);
    }
    const now = currentRoute();
    if (now && "olderThan" in doomed && (await getDetails(now).then(() => false, () => true))) navigate(null);
  }
}

function inWords({ sessions, bytes: size, examples }: Deleted): string {
  if (sessions === 0) return "There is nothing to delete.";
  const more = sessions - examples.length;
  const names = examples.join(", ") + (more > 0 ? ` and ${count(more, "other")}` : "");
  return `${count(sessions, "session")}, ${bytes(size)} as stored: ${names}. This can't be undone. What arrives from now on makes a new session.`;
}
