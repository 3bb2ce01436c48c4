// JavaScript for a page, bundled as an app's bundler does.
import { build } from "esbuild";

/** Bundles a module, given as text, that finds its imports from `folder`; `options` are esbuild's. */
export async function bundle(contents, folder, { loader = "js", ...options } = {}) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader },
    bundle: true,
    write: false,
    format: "esm",
    logLevel: "warning",
    ...options,
  });
  return outputFiles[0].text;
}
