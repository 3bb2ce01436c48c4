// The search: one box, words that can be clicked, and how to write them.

import { h } from "../dom/elements";
import { dayWord, hasWord, toggleWord, WORDS } from "./query";

/** Typing pauses for so long before it is searched. */
const PAUSE_MS = 150;

export class SearchBox {
  readonly element: HTMLElement;
  private readonly input = h("input", {
    type: "search",
    name: "q",
    "aria-label": "Search sessions",
    "aria-keyshortcuts": "/",
    "aria-describedby": "list-status",
    placeholder: "Search sessions",
    autocomplete: "off",
    spellcheck: "false",
  });
  private readonly chips: { word: () => string; button: HTMLButtonElement }[];
  private readonly helpButton = h("button", { type: "button", class: "quiet", "aria-expanded": "false", "aria-controls": "search-help" }, "How to search");
  private readonly help = h("div", { class: "search-help", id: "search-help", hidden: true });
  private timer: number | undefined;
  /** The help is opened by hand, or because nothing was found. */
  private isHelpAsked = false;
  private isHelpNeeded = false;

  /** `status` says what was found. `search` is called with what is written, after a pause or at once; `leave` when the arrow down goes to it. */
  constructor(
    status: HTMLElement,
    private readonly search: (query: string) => void,
    private readonly leave: () => void,
  ) {
    const chip = (label: string, word: () => string) => {
      const button = h("button", { type: "button", class: "chip", "aria-pressed": "false", title: word(), click: () => this.write(toggleWord(this.input.value, word())) }, label);
      return { word, button };
    };
    this.chips = [
      chip("Live", () => "is:live"),
      chip("Errors", () => "has:errors"),
      chip("Problems", () => "has:problems"),
      chip("Refused", () => "is:refused"),
      chip("Today", () => dayWord(new Date())),
    ];
    this.help.append(
      h("p", {}, "Words and ", h("q", {}, "quoted phrases"), " are looked for everywhere. All that is written has to fit; ", h("code", {}, "-"), " in front excludes."),
      h(
        "ul",
        {},
        ...WORDS.map(([word, finds]) => h("li", {}, h("button", { type: "button", class: "quiet word", click: () => this.offer(word) }, h("code", {}, word)), h("span", { class: "faint" }, finds))),
      ),
    );
    this.element = h(
      "form",
      { class: "search", role: "search", "aria-label": "Sessions", submit: (event) => this.submit(event) },
      this.input,
      h("div", { class: "chips", role: "group", "aria-label": "Words to search for" }, ...this.chips.map(({ button }) => button)),
      h("div", { class: "row" }, status, this.helpButton),
      this.help,
    );
    this.input.addEventListener("input", () => {
      this.drawChips();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(this.input.value), PAUSE_MS);
    });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.helpButton.addEventListener("click", () => {
      this.isHelpAsked = this.help.hidden !== false;
      this.isHelpNeeded = false;
      this.drawHelp();
    });
  }

  /** Shows this query, which is searched already. */
  show(query: string): void {
    clearTimeout(this.timer);
    if (this.input.value !== query) this.input.value = query;
    this.drawChips();
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  /** Says how to search while nothing is found. */
  needsHelp(isNeeded: boolean): void {
    if (isNeeded === this.isHelpNeeded) return;
    this.isHelpNeeded = isNeeded;
    this.drawHelp();
  }

  /** Writes a word to be completed, such as `device:`, or one that is whole. */
  private offer(word: string): void {
    if (!word.endsWith(":")) return this.write(toggleWord(this.input.value, word));
    const before = this.input.value.trimEnd();
    this.input.value = before ? `${before} ${word}` : word;
    this.input.focus();
  }

  private write(query: string): void {
    this.show(query);
    this.search(query);
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.write(this.input.value);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.leave();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.input.value) this.write("");
      else this.input.blur();
    }
  }

  private drawChips(): void {
    for (const { word, button } of this.chips) button.ariaPressed = String(hasWord(this.input.value, word()));
  }

  private drawHelp(): void {
    this.help.hidden = !this.isHelpAsked && !this.isHelpNeeded;
    this.helpButton.ariaExpanded = String(!this.help.hidden);
  }
}
