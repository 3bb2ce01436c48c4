// The same module for `import`: it hands on what the CommonJS one exports.
import segment from "../dist/segment/index.js";

export const { createSegmentActionsPlugin, createSegmentPlugin, createSourceMiddleware, initWithAmplitudeClassic } = segment;
