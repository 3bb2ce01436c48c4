// What is said between the probe and its observer.

import type { ConsoleLevel } from "../model/shared";

export interface ConsoleConfig {
  levels: ConsoleLevel[];
  /** Uncaught errors, and rejections that nothing handles. */
  errors: boolean;
}

/** As rrweb's console plugin has it; `payload` is JSON, a text for each value. */
export interface ConsoleReport {
  level: ConsoleLevel;
  trace: string[];
  payload: string[];
}
