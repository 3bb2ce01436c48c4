// A key that presses a button which is somewhere on the page.

/** Presses the button with this `aria-keyshortcuts`, if there is one. */
export function press(key: string): void {
  document.querySelector<HTMLButtonElement>(`button[aria-keyshortcuts="${key}"]`)?.click();
}
