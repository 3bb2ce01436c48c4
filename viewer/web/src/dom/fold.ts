// A panel that a button folds away. The browser remembers what the reader left open.

export class Fold {
  private isOpen: boolean;

  /** `name` is what it is remembered by; `show` opens or closes the panel. */
  constructor(
    private readonly name: string,
    private readonly button: HTMLElement,
    private readonly show: (isOpen: boolean) => void,
    isOpenAtFirst = true,
  ) {
    this.isOpen = remembered(name) ?? isOpenAtFirst;
    button.addEventListener("click", () => this.toggle());
    this.draw();
  }

  /** Opens or closes it, where its button can be seen: a key does not change what nobody sees. */
  toggle(): void {
    if (this.button.getClientRects().length === 0) return;
    this.isOpen = !this.isOpen;
    remember(this.name, this.isOpen);
    this.draw();
  }

  private draw(): void {
    this.button.ariaExpanded = String(this.isOpen);
    this.show(this.isOpen);
  }
}

const keyOf = (name: string) => `fold:${name}`;

function remembered(name: string): boolean | undefined {
  try {
    const kept = localStorage.getItem(keyOf(name));
    return kept === "open" || kept === "closed" ? kept === "open" : undefined;
  } catch {
    return undefined;
  }
}

function remember(name: string, isOpen: boolean): void {
  try {
    localStorage.setItem(keyOf(name), isOpen ? "open" : "closed");
  } catch {
    // A browser that keeps nothing shows everything at the next start.
  }
}
