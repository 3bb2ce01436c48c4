// Builds what bundlers take (the condition "module" of package.json): ES modules that import nothing but Node.js's own, so that
// a bundle may be an ES module itself. Node.js loads the CommonJS files, whether by `import` or `require`: one recorder.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

await build({
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: {
    index: "src/index.ts",
    "electron/main": "src/electron/main.ts",
    "electron/renderer": "src/electron/renderer.ts",
    segment: "src/segment/index.ts",
    amplitude: "src/amplitude/index.ts",
  },
  outdir: "dist/module",
  outExtension: { ".js": ".mjs" },
  chunkNames: "shared-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  external: ["node:*", "electron", "session-replay-native"],
  define: { OWN_URL: "import.meta.url" },
  sourcemap: true,
  logLevel: "warning",
});
