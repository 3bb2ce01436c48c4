// Waiting for what other processes do.
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until this holds, and answers with what it gave; fails, with what it waited for, after so long. */
export async function until(holds, what, milliseconds = 60_000) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${milliseconds / 1_000} s in vain: ${typeof what === "function" ? what() : what}`);
    await sleep(20);
  }
}
