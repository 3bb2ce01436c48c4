// How much of its log this package writes to a console that nobody has asked it to fill. A pure decision.

const WINDOW_MS = 60_000;
export const MAX_LINES = 10;

const WHO_HEARS_ALL = 'on("log", …) and the option loggerProvider hear every line';

export class ConsoleLimit {
  #windowStart = -Infinity;
  #lines = 0;

  /** What is to be written in place of this line, at this time in milliseconds: the line, a notice, both or neither. */
  admit<Line>(line: Line, now: number, notice: (message: string) => Line): Line[] {
    const leftOut = Math.max(0, this.#lines - MAX_LINES);
    const isNewWindow = now - this.#windowStart >= WINDOW_MS;
    if (isNewWindow) {
      this.#windowStart = now;
      this.#lines = 0;
    }
    this.#lines++;
    if (isNewWindow && leftOut > 0) return [notice(`${leftOut} lines were left out here: ${WHO_HEARS_ALL}`), line];
    if (this.#lines <= MAX_LINES) return [line];
    if (this.#lines > MAX_LINES + 1) return [];
    return [notice(`more than ${MAX_LINES} lines in a minute: the others of this minute are left out here; ${WHO_HEARS_ALL}`)];
  }
}
