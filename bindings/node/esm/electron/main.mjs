// The same module for `import`: it hands on what the CommonJS one exports, so that both are one recorder.
import main from "../../dist/electron/main.js";

export const { attach, preloadPath } = main;
