// Records what the page writes to the console, and its uncaught errors, as rrweb's console plugin does.

import { EventType } from "../model/rrweb-event";
import { CONSOLE_LEVELS, CONSOLE_PLUGIN } from "../model/shared";
import type { MakeObserver } from "../observers/observer";
import { probeObserver } from "../observers/probe-observer";
import type { MakeProbe } from "../page-world/probe";
import { maskLogged } from "../privacy/mask-log";
import { withAddressesTold } from "../privacy/told-addresses";
import { consoleConfigOf } from "./config";
import { maskValues } from "./mask-values";
import type { ConsoleConfig, ConsoleReport } from "./report";

/** In characters: no probe reports more, but another world may say anything. */
const MAX_REPORT_LENGTH = 200_000;

export const consoleObserver = (probe: MakeProbe<ConsoleConfig, ConsoleReport>): MakeObserver =>
  probeObserver(probe, {
    configOf: consoleConfigOf,
    eventOf: (report, context) => {
      if (!isReport(report)) return null;
      const told = (text: string) => maskLogged(withAddressesTold(text, context.address));
      const payload = {
        level: report.level,
        trace: report.trace.map(told),
        payload: maskValues(report.payload, told),
      };
      return { type: EventType.Plugin, data: { plugin: CONSOLE_PLUGIN, payload } };
    },
  });

function isReport(report: ConsoleReport): boolean {
  return CONSOLE_LEVELS.includes(report?.level) && areTexts(report.trace) && areTexts(report.payload);
}

const areTexts = (list: unknown) =>
  Array.isArray(list) && list.every((text) => typeof text === "string") && list.join("").length <= MAX_REPORT_LENGTH;
