// A text with a button that copies it.

import { h } from "./elements";

export function copyable(text: string): HTMLElement {
  const button: HTMLButtonElement = h("button", { type: "button", class: "quiet copy", "aria-label": `Copy ${text}` }, "Copy");
  button.addEventListener("click", () => {
    void navigator.clipboard
      .writeText(text)
      .then(() => "Copied", () => "Copying is not allowed")
      .then((said) => {
        button.textContent = said;
        setTimeout(() => (button.textContent = "Copy"), 1_500);
      });
  });
  return h("span", { class: "copyable" }, h("code", { title: text }, text), button);
}
