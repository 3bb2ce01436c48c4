// Warnings of the Segment integrations.

/** Receives warnings of what was ignored. `console` unless another is given. */
export interface WarnLogger {
  warn(...message: unknown[]): void;
}

/** Warns on the console, or this logger; null: nowhere. A logger that fails costs nobody an event. */
export function warn(logger: WarnLogger | null | undefined, what: string, detail: unknown): void {
  try {
    (logger === undefined ? globalThis.console : logger)?.warn(`Session Replay with Segment: ${what}`, shown(detail));
  } catch {
    // There is no other place to report it.
  }
}

/** Each warning once, for one integration. */
export class Warnings {
  readonly #given = new Set<string>();

  constructor(private readonly logger: WarnLogger | null | undefined) {}

  once(what: string, detail: unknown): void {
    if (this.#given.has(what)) return;
    this.#given.add(what);
    warn(this.logger, `${what}:`, detail);
  }

  /** Does the work, which must not cost the host an event of its analytics: a failure is a warning. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.once("an event goes on as it is", error);
      return undefined;
    }
  }
}

const MAX_SHOWN_LENGTH = 200;

/** A foreign text may have any length. */
const shown = (detail: unknown): unknown =>
  typeof detail === "string" && detail.length > MAX_SHOWN_LENGTH ? `${detail.slice(0, MAX_SHOWN_LENGTH)}…` : detail;
