// What the tests of a file share while they run: a browser, and a server that takes what is sent. Each file is a process.
import { after, before } from "node:test";
import { launch } from "../../support/chromium.mjs";
import { Ingest } from "./ingest.mjs";
import { FLAGS } from "./site.mjs";

export let browser, ingest;

before(async () => {
  browser = await launch(...FLAGS);
  ingest = await Ingest.start();
});

after(async () => {
  await browser?.close();
  await ingest?.stop();
});
