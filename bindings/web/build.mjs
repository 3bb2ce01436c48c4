// Bundles the recorder of web views as one script, for a host to inject at document start.
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

// An injected script runs in every frame, and rrweb opens a frame of its own: where it is not to record, and a second time,
// not even the modules may run. It records the top frame, and a frame of another origin where the options say so; a frame of
// the same origin is recorded by the page around it. What the modules throw stays here: without a recorder the page is as it was.
function mayRun() {
  if (Object.prototype.hasOwnProperty.call(window, "sessionReplayRecorder")) return false;
  if (window.parent === window) return true;
  if (window.sessionReplayRecorderOptions?.pageOptions?.crossOriginIframes?.enabled !== true) return false;
  try {
    return !window.parent.document;
  } catch {
    return true;
  }
}
const banner = `"use strict";(()=>{try{${mayRun};if(!mayRun())return;`;
const footer = "}catch{}})();";

await build({
  entryPoints: ["src/webview.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "eof",
  charset: "ascii",
  banner: { js: banner },
  footer: { js: footer },
  outfile: "dist/session-replay-recorder.js",
  logLevel: "warning",
});

// rrweb's licence asks whoever passes the script on to pass this on, too.
const notices = new URL("../../THIRD-PARTY-NOTICES.txt", import.meta.url);
copyFileSync(fileURLToPath(notices), fileURLToPath(new URL("dist/THIRD-PARTY-NOTICES.txt", import.meta.url)));
