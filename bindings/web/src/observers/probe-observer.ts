// An observer whose eyes are a probe in the page's world. What the probe reports it masks here, where the passwords that
// were typed are known.

import type { CompanionEvent } from "../model/rrweb-event";
import type { LoggingConfig } from "../model/shared";
import type { MakeProbe } from "../page-world/probe";
import type { MakeObserver, ObserverContext } from "./observer";

export interface Observed<Config, Report> {
  /** What the probe is to see; null: nothing. */
  configOf: (logging: LoggingConfig, complain: (problem: string) => void) => Config | null;
  /** The event of a report, masked. A page of another world may report anything: null if it is no report. */
  eventOf: (report: Report, context: ObserverContext) => CompanionEvent | null;
}

/** The probe sees something only while the page is being recorded. */
export function probeObserver<Config, Report>(
  makeProbe: MakeProbe<Config, Report>,
  { configOf, eventOf }: Observed<Config, Report>,
): MakeObserver {
  return (context) => {
    let wanted: Config | null = null;
    let isRunning = false;
    const probe = makeProbe({
      report: (report) => {
        const event = isRunning ? eventOf(report, context) : null;
        if (event) context.emit(event);
      },
      note: (problem) => context.note(problem),
    });
    const apply = () => probe.configure(wanted, isRunning);
    return {
      configure: ({ logging }) => {
        wanted = configOf(logging, (problem) => context.note(problem));
        apply();
      },
      start: () => {
        isRunning = true;
        apply();
      },
      pause: () => {
        isRunning = false;
        apply();
      },
    };
  };
}
