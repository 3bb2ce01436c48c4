// The same module for `import`: it hands on what the CommonJS one exports.
import renderer from "../../dist/electron/renderer.js";

export const {
  SessionReplayError,
  evaluateTargetingAndCapture,
  flush,
  followAnalytics,
  getPrivacyConfig,
  getSessionId,
  getSessionReplayId,
  getSessionReplayProperties,
  init,
  off,
  on,
  once,
  record,
  recordLines,
  setDeviceId,
  setOptOut,
  setSessionId,
  shutdown,
  start,
  stats,
  stop,
} = renderer;
