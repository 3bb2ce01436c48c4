// Copies a text, also where browsers give a page no clipboard: one that came over plain HTTP from another machine, or was refused.

import { h } from "./elements";

/** Whether it was copied. To be called for a click or a key, or browsers refuse both ways. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelecting(text);
  }
}

/** The older way, which needs no permission. */
function copyBySelecting(text: string): boolean {
  const { activeElement } = document;
  const field = h("textarea", { class: "heard", readonly: true, "aria-hidden": "true", tabindex: -1 });
  field.value = text;
  // In a modal dialog nothing outside of it can be selected.
  (activeElement?.closest("dialog") ?? document.body).append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (activeElement instanceof HTMLElement) activeElement.focus();
  }
}
