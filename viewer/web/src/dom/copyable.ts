// A text with a button that copies it.

import { h } from "./elements";

export function copyable(text: string): HTMLElement {
  return h("span", { class: "copyable" }, h("code", { title: text }, text), copyButton(`Copy ${text}`, () => text));
}

/** A button that copies what `text` gives when it is pressed. */
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button: HTMLButtonElement = h("button", { type: "button", class: "quiet copy", "aria-label": label }, "Copy");
  button.addEventListener("click", () => {
    void navigator.clipboard
      .writeText(text())
      .then(() => "Copied", () => "Copying is not allowed")
      .then((said) => {
        button.textContent = said;
        setTimeout(() => (button.textContent = "Copy"), 1_500);
      });
  });
  return button;
}
