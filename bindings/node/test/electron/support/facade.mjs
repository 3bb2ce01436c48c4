// What an app's bundler makes of `import * as sessionReplay from "session-replay-native"` in a page.
import { bundle } from "../../../../../tests/support/bundle.mjs";
import { packageFolder } from "../../support/package.mjs";

/** Bundles a page's script; `modules` stand for packages that are not what is tested. */
export function bundleForPage(contents, modules = {}) {
  const plugin = {
    name: "stand-ins",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path }) => (modules[path] ? { path, namespace: "stand-in" } : undefined));
      onLoad({ filter: /.*/, namespace: "stand-in" }, ({ path }) => ({ contents: modules[path] }));
    },
  };
  return bundle(contents, `${packageFolder}/test`, { platform: "browser", plugins: [plugin] });
}

/** As a script that runs in the page, and makes the package known as `sessionReplay`. */
export const facade = `(async () => { ${await bundleForPage('import * as sr from "session-replay-native"; window.sessionReplayFacade = sr;')} })();`;
