// A module of the viewer's page in Node.js, to try what needs no browser.
import { join } from "node:path";
import { bundle } from "./bundle.mjs";
import { project } from "./paths.mjs";

/** Imports a module below `viewer/web/src`, such as "timeline/scale"; what it needs comes with it. */
export async function importPageModule(name) {
  const code = await bundle(`export * from "./${name}"`, join(project, "viewer/web/src"), { loader: "ts", platform: "node" });
  return import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
}
