// Bundles the recorder of web views as one script, for a host to inject at document start.
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

// An injected script runs in every frame, and rrweb opens a frame of its own: outside of the top frame, and a second time,
// not even the modules may run. What they throw stays here: without a recorder the page is as it was.
const banner =
  '"use strict";(()=>{try{' +
  'if(window.top!==window||Object.prototype.hasOwnProperty.call(window,"sessionReplayRecorder"))return;';
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
