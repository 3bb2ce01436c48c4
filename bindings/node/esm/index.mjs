// The same module for `import`: it hands on what the CommonJS one exports, so that both are one recorder.
import sessionReplay from "../dist/index.js";

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
  processSegmentEvent,
  record,
  recordLines,
  setDeviceId,
  setOptOut,
  setSessionId,
  shutdown,
  start,
  stats,
  stop,
} = sessionReplay;
