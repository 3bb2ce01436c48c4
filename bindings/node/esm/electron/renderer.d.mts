export * from "../../dist/electron/renderer.js";
