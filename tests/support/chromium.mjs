// The browser of this machine.
import { chromium } from "playwright-core";
import { onPath } from "./paths.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-gpu", "--disable-quic", "--disable-sync", "--no-first-run"];

function executablePath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const found = NAMES.map(onPath).find(Boolean);
  if (!found) throw new Error("no Chromium on the PATH: `make tools` installs it; CHROMIUM=/path/to/it names another");
  return found;
}

/** Starts it; `more` are further switches. */
export const launch = (...more) => chromium.launch({ executablePath: executablePath(), args: [...FLAGS, ...more] });

/**
 * A page whose every request and complaint is noted: nothing may be loaded from anywhere but the viewer.
 */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const notes = { elsewhere: [], errors: [] };
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(http|ws)s?:$/.test(url.protocol) && url.hostname !== "127.0.0.1") notes.elsewhere.push(request.url());
  });
  page.on("pageerror", (error) => notes.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && notes.errors.push(message.text()));
  return { page, notes, close: () => context.close() };
}

/** A text as a page shows it: without its line breaks and double spaces. */
export const squeeze = (text) => text.replace(/\s+/g, " ").trim();
