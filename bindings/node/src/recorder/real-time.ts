// Timers and the clock of Node.js itself, as they were when this package was loaded.
//
// The library's threads run in real time, so a test that fakes the timers must not keep a flush from ending. And where a test
// runner gives code the globals of a page (jsdom), timers are numbers, which can't be unref'd.
import { performance } from "node:perf_hooks";
import * as timers from "node:timers";
import * as promises from "node:timers/promises";

export const { setInterval, clearInterval, setTimeout, clearTimeout } = timers;
export const delay = promises.setTimeout;
export const now: () => number = performance.now.bind(performance);

/** jest gives this to every file that a test loads. */
declare const jest: { isEnvironmentTornDown?(): boolean } | undefined;

/** Whether the test file of jest that this code runs for has ended: nobody listens any more, and its console complains. */
export const isTestOver = (): boolean => typeof jest === "object" && jest.isEnvironmentTornDown?.() === true;
