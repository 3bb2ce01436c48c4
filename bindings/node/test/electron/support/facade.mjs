// What an app's bundler makes of `import * as sessionReplay from "session-replay-native"` in a page.
import { build } from "esbuild";
import { packageFolder } from "../../support/viewer.mjs";

/** Bundles a page's script; `modules` stand for packages that are not what is tested. */
export async function bundleForPage(contents, modules = {}) {
  const plugin = {
    name: "stand-ins",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path }) => (modules[path] ? { path, namespace: "stand-in" } : undefined));
      onLoad({ filter: /.*/, namespace: "stand-in" }, ({ path }) => ({ contents: modules[path] }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: `${packageFolder}/test`, loader: "js" },
    bundle: true,
    write: false,
    platform: "browser",
    format: "esm",
    plugins: [plugin],
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

/** As a script that runs in the page, and makes the package known as `sessionReplay`. */
export const facade = `(async () => { ${await bundleForPage('import * as sr from "session-replay-native"; window.sessionReplayFacade = sr;')} })();`;
