// What a reader chose about playing, for the next time.

const SKIPS_IDLE = "session-replay.skips-idle";

export function skipsIdle(): boolean {
  try {
    return localStorage.getItem(SKIPS_IDLE) !== "no";
  } catch {
    return true;
  }
}

export function rememberSkipsIdle(skips: boolean): void {
  try {
    localStorage.setItem(SKIPS_IDLE, skips ? "yes" : "no");
  } catch {
    // A browser that keeps nothing forgets this, too.
  }
}
