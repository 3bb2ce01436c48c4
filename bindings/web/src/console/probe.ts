// Sees what the page's scripts write to the console, and their uncaught errors. Within the page's world.

import { listen } from "../dom/listeners";
import { CONSOLE_LEVELS, type ConsoleLevel as Level } from "../model/shared";
import { Allowance, type Rates } from "../page-world/allowance";
import { LeftOut } from "../page-world/left-out";
import { asOwnWork, isOwnWork } from "../page-world/own-work";
import type { MakeProbe, ProbeHost } from "../page-world/probe";
import { wrapMethod } from "../page-world/wrap-method";
import { describeAll } from "./describe";
import type { ConsoleConfig, ConsoleReport } from "./report";
import { traceBelow, traceOf } from "./trace";

const RATES: Record<"messages" | "characters" | "milliseconds", Rates> = {
  messages: { burst: 1_000, perSecond: 20 },
  characters: { burst: 500_000, perSecond: 20_000 },
  // Of the page's own time.
  milliseconds: { burst: 300, perSecond: 30 },
};

/** Of one message, whatever the clock says: a thread that waited for its processor has done nothing. */
const MAX_MILLISECONDS = 100;

const now = performance.now.bind(performance);

export const makeConsoleProbe: MakeProbe<ConsoleConfig, ConsoleReport> = (host) => {
  const probe = new ConsoleProbe(host);
  return { configure: (config, isOn) => probe.configure(config, isOn) };
};

class ConsoleProbe {
  /** null: nothing is recorded now. */
  private config: ConsoleConfig | null = null;
  private readonly wrapped = new Set<Level>();
  private readonly allowance = new Allowance(RATES, now);
  private readonly leftOut = new LeftOut((count) => this.tellLeftOut(count));

  constructor(private readonly host: ProbeHost<ConsoleReport>) {}

  configure(config: ConsoleConfig | null, isOn: boolean): void {
    this.config = isOn ? config : null;
    if (!config) return;
    for (const level of CONSOLE_LEVELS) if (config.levels.includes(level)) this.wrap(level);
    if (!config.errors) return;
    // The same listener is added once.
    listen(window, "error", this.onError);
    listen(window, "unhandledrejection", this.onRejection);
  }

  private wrap(level: Level): void {
    if (this.wrapped.has(level)) return;
    this.wrapped.add(level);
    const isWrapped = wrapMethod(console, level, (proceed, _self, given, caller) => {
      if (this.config?.levels.includes(level))
        this.record(
          level,
          () => traceBelow(caller),
          () => describeAll(given),
        );
      return proceed();
    });
    if (!isWrapped)
      this.host.note(`the page has made console.${level} read-only: what it writes there is not recorded`);
  }

  private record(level: Level, trace: () => string[], payload: () => string[]): void {
    if (isOwnWork()) return;
    if (!this.allowance.isLeft) return this.leftOut.add();
    asOwnWork(() => {
      const began = now();
      try {
        this.leftOut.tellNow();
        const report = { level, trace: trace(), payload: payload() };
        this.host.report(report);
        this.spend(report, began);
      } catch {
        // The page's message is written all the same.
      }
    });
  }

  private spend({ trace, payload }: ConsoleReport, began: number): void {
    const length = (texts: string[]) => texts.reduce((sum, text) => sum + text.length, 0);
    const milliseconds = Math.min(now() - began, MAX_MILLISECONDS);
    this.allowance.spend({ messages: 1, characters: length(trace) + length(payload), milliseconds });
  }

  private tellLeftOut(count: number): void {
    if (!this.config) return;
    const text = `session-replay: ${count} messages of the console were left out: the page writes too many at once`;
    this.host.report({ level: "warn", trace: [], payload: describeAll([text]) });
  }

  private readonly onError = (event: Event) => {
    if (!this.config?.errors) return;
    const { message, error } = event as ErrorEvent;
    // An image that is missing is no error of a script.
    if (typeof message === "string")
      this.record(
        "error",
        () => traceOf(error),
        () => describeAll([message]),
      );
  };

  private readonly onRejection = (event: Event) => {
    if (!this.config?.errors) return;
    const { reason } = event as PromiseRejectionEvent;
    this.record(
      "error",
      () => traceOf(reason),
      () => describeAll(rejectionText(reason)),
    );
  };
}

function rejectionText(reason: unknown): unknown[] {
  const prefix = "Uncaught (in promise)";
  return reason instanceof Error ? [`${prefix} ${reason.name}: ${reason.message}`] : [prefix, reason];
}
