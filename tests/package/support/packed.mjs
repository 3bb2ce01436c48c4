// The package, packed and installed in an empty folder, for the tests of one file.
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { install, pack } from "../../support/npm-package.mjs";

/** What is known once the tests run: the archive, the folder it is installed in, and the package in there. */
export function packed() {
  const place = {};
  before(async () => {
    place.folder = realpathSync(mkdtempSync(join(tmpdir(), "session-replay-packed-")));
    place.archive = await pack(place.folder);
    await install(place.archive, place.folder);
    place.package = join(place.folder, "node_modules/session-replay-native");
    place.manifest = JSON.parse(readFileSync(join(place.package, "package.json"), "utf8"));
  });
  after(() => rmSync(place.folder, { recursive: true }));
  return place;
}
