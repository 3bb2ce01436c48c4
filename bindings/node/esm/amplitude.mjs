// The same module for `import`: it hands on what the CommonJS one exports.
import amplitude from "../dist/amplitude/index.js";

export const { plugin, sessionReplayPlugin } = amplitude;
