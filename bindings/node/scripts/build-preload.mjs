// Builds the preload script as one file with the recorder inside. What it injects into a page's own world, it knows as
// functions that use nothing outside themselves: `import script from "injected:./file.ts"` makes one of a file and of all
// that the file imports.
import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMON = { bundle: true, minify: true, platform: "browser", target: "es2022", charset: "ascii", logLevel: "warning" };

const injected = {
  name: "injected",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^injected:/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.slice("injected:".length)),
      namespace: "injected",
    }));
    onLoad({ filter: /.*/, namespace: "injected" }, async ({ path }) => {
      const { outputFiles } = await build({ ...COMMON, entryPoints: [path], format: "iife", globalName: "injected", write: false });
      const contents = `export default function (event) { ${outputFiles[0].text}\n injected.default(event); }`;
      return { contents, loader: "js", resolveDir: dirname(path), watchFiles: [path] };
    });
  },
};

await build({
  ...COMMON,
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: ["src/electron/preload.ts"],
  format: "cjs",
  external: ["electron"],
  legalComments: "eof",
  outfile: "dist/electron/session-replay-preload.js",
  plugins: [injected],
});
