// The same module for `import`: it hands on what the CommonJS one exports.
import packaging from "../dist/packaging/index.js";

export const { copyRuntimeFiles, runtimeFiles } = packaging;
