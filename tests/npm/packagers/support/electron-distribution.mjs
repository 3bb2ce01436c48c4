// What Electron's own release holds, as far as packagers look at it: this Node.js under Electron's name. Electron itself is a
// download of 100 MB, and its window would need a display.
import { copyFileSync, createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import yazl from "yazl";
import { versionOf } from "../../support/tools.mjs";

export const ELECTRON_VERSION = versionOf("electron");

const FILES = {
  version: `${ELECTRON_VERSION}\n`,
  LICENSE: "Electron's licence\n",
  "LICENSES.chromium.html": "<title>Chromium's licences</title>\n",
};

/** The unpacked distribution, for electron-builder's `electronDist`. */
export function electronFolder(folder) {
  mkdirSync(join(folder, "resources"), { recursive: true });
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
  copyFileSync(process.execPath, join(folder, "electron"));
  return folder;
}

/** The release's archive in a folder, for the packager's `electronZipDir`. */
export async function electronZip(folder) {
  mkdirSync(folder, { recursive: true });
  const zip = new yazl.ZipFile();
  for (const [name, content] of Object.entries(FILES)) zip.addBuffer(Buffer.from(content), name);
  zip.addFile(process.execPath, "electron", { mode: 0o100755, compress: false });
  zip.end();
  const path = join(folder, `electron-v${ELECTRON_VERSION}-${process.platform}-${process.arch}.zip`);
  await pipeline(zip.outputStream, createWriteStream(path));
  return folder;
}
