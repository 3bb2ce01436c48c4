// An app with its own preload script, in an empty folder with the package installed as it is packed.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pack, unpack } from "../../../support/npm-package.mjs";
import { tools } from "../../support/tools.mjs";

const folder = fileURLToPath(new URL("..", import.meta.url));
/** Below the suite, so that the apps find the tools in its node_modules. */
const apps = join(folder, "build");
const packed = join(apps, "package");

/** A program of a tool that is installed in the suite. */
export const inSuite = (path) => join(tools, path);

/** Packs what is built, and unpacks it as npm does when it installs. */
export async function packPackage() {
  rmSync(apps, { recursive: true, force: true });
  await unpack(await pack(apps), packed);
}

/** The app's own preload script; how it says that it wants ours makes a difference to some tools. */
const OWN = 'contextBridge.exposeInMainWorld("shop", { name: () => "My Shop" });\n';
export const SCRIPTS = {
  import: `import "session-replay-native/electron/preload";\nimport { contextBridge } from "electron";\n\n${OWN}`,
  require: `require("session-replay-native/electron/preload");\nconst { contextBridge } = require("electron");\n\n${OWN}`,
};

let count = 0;

/** Makes an app of these files, `{ path: text }`; answers with its folder. */
export function makeApp(files, manifest = {}) {
  const app = join(apps, `app-${++count}`);
  cpSync(packed, join(app, "node_modules/session-replay-native"), { recursive: true });
  const dependencies = { "session-replay-native": "1.0.0" };
  const all = { "package.json": JSON.stringify({ name: "shop", main: "main.js", ...manifest, dependencies }), ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    writeFileSync(join(app, path), text);
  }
  return app;
}
