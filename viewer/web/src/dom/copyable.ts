// A text with a button that copies it.

import { copyText } from "./clipboard";
import { h } from "./elements";

export function copyable(text: string): HTMLElement {
  return h("span", { class: "copyable" }, h("code", { title: text }, text), copyButton(`Copy ${text}`, () => text));
}

/** A button that copies what `text` gives when it is pressed. */
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button: HTMLButtonElement = h("button", { type: "button", class: "quiet copy", "aria-label": label }, "Copy");
  button.addEventListener("click", () => {
    void copyText(text()).then((isCopied) => {
      button.textContent = isCopied ? "Copied" : "Copying is not allowed";
      setTimeout(() => (button.textContent = "Copy"), 1_500);
    });
  });
  return button;
}
