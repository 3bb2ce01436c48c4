// A probe sees what the page's scripts do. It runs in the page's world, which in Electron is not the recorder's: so the two
// exchange nothing but JSON.

export interface Probe<Config> {
  /**
   * What is to be seen; null: nothing. A page may keep the browser's functions for later, so the probe takes its place at
   * once, and reports only while `isOn`.
   */
  configure(config: Config | null, isOn: boolean): void;
}

/** Where a probe reports what it saw. */
export interface ProbeHost<Report> {
  report(report: Report): void;
  /** Something can't be seen: a sentence. */
  note(problem: string): void;
}

/** Makes a probe that does nothing yet. */
export type MakeProbe<Config, Report> = (host: ProbeHost<Report>) => Probe<Config>;
