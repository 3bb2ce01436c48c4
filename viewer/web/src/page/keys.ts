// The keyboard: what each key does, and the help that says so.

import { byId, h } from "../dom/elements";
import { stopBeside } from "../dom/keep-focus";
import { press } from "../dom/shortcut";

export interface Actions {
  move(by: number): void;
  toggle(): void;
  step(ms: number): void;
  fullscreen(): void;
  changeSpeed(by: 1 | -1): void;
  live(): void;
  back(): void;
  toggleList(): void;
  toggleSide(): void;
  /** For what the page shows: its parts know what to do. */
  press(key: string): void;
  search(): void;
}

const HELP: [string[], string][] = [
  [["↓", "j"], "next session"],
  [["↑", "k"], "previous session"],
  [["Enter"], "open the session"],
  [["/"], "search the sessions"],
  [["Space"], "play or pause"],
  [["←"], "5 seconds back"],
  [["→"], "5 seconds on"],
  [["<", ">"], "play slower, faster"],
  [["l"], "live or from the beginning"],
  [["f"], "full screen"],
  [["[", "b"], "show or hide the list of sessions"],
  [["]", "d"], "show or hide what is beside the replay"],
  [["n", "p"], "next or previous moment of the story"],
  [["0", "…", "9"], "to the beginning, or so many tenths of the replay"],
  [["s"], "copy a link to this moment"],
  [["Delete"], "delete sessions"],
  [["Esc"], "back to the list"],
  [["?"], "this help"],
];

export function listenToKeys(actions: Actions): void {
  const help = byId<HTMLDialogElement>("help");
  help.append(
    h("h2", { id: "help-title" }, "Keys"),
    h("dl", {}, ...HELP.flatMap(([keys, what]) => [h("dt", {}, ...keys.flatMap((key) => [h("kbd", {}, key), " "])), h("dd", {}, what)])),
    h("form", { method: "dialog" }, h("button", {}, "Close")),
  );
  byId("help-button").addEventListener("click", () => help.showModal());

  const keys: Record<string, () => void> = {
    ArrowDown: () => actions.move(1),
    j: () => actions.move(1),
    ArrowUp: () => actions.move(-1),
    k: () => actions.move(-1),
    ArrowLeft: () => actions.step(-5_000),
    ArrowRight: () => actions.step(5_000),
    " ": () => actions.toggle(),
    f: () => actions.fullscreen(),
    "<": () => actions.changeSpeed(-1),
    ">": () => actions.changeSpeed(1),
    l: () => actions.live(),
    "[": () => actions.toggleList(),
    "]": () => actions.toggleSide(),
    // Brackets take AltGr on many keyboards, and Option, which makes letters, on a Mac.
    b: () => actions.toggleList(),
    d: () => actions.toggleSide(),
    ...Object.fromEntries([..."np0123456789"].map((key) => [key, () => actions.press(key)])),
    s: () => press("s"),
    Delete: () => press("Delete"),
    Escape: () => actions.back(),
    "/": () => actions.search(),
    "?": () => help.showModal(),
  };
  // Whatever puts the focus into the replay's frame, the keys stay ours; who comes with Tab goes on behind it, since nothing in there does anything.
  let tab: KeyboardEvent | null = null;
  addEventListener("keydown", (event) => (tab = event.key === "Tab" ? event : null), { capture: true });
  const leaveFrame = () => {
    const { activeElement: frame } = document;
    if (!(frame instanceof HTMLIFrameElement)) return;
    frame.blur();
    if (tab) stopBeside(frame, tab.shiftKey)?.focus();
  };
  // The frame has the focus a moment later.
  addEventListener("blur", () => setTimeout(leaveFrame));
  // Captured, so that the player's own controls do not answer the same key a second time.
  addEventListener(
    "keydown",
    (event) => {
      // On many keyboards a bracket takes AltGr, which counts as Ctrl and Alt.
      if (event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph")) || help.open) return;
      const target = event.target as Element | null;
      if (target?.closest("input:not([type=checkbox]), textarea, select")) return;
      if (event.key === " " && target?.closest("button, input, summary")) return;
      // A list or a slider has keys of its own.
      if (target?.closest<HTMLElement>("[data-keys]")?.dataset["keys"]?.split(" ").includes(event.key)) return;
      if (event.key === "Escape" && document.fullscreenElement) return;
      const action = keys[event.key];
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    },
    { capture: true },
  );
}
