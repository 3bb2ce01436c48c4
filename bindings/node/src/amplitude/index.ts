// Session replay beside Amplitude's own SDKs, `session-replay-native/amplitude`: in Node.js, and in an Electron renderer.
import * as sessionReplay from "session-replay-native";
import { VERSION } from "../model/version.js";
import { SessionReplayPlugin, type SessionReplayPluginOptions } from "./plugin.js";

export type { AmplitudeConfig, AmplitudeEvent, SessionReplayPlugin, SessionReplayPluginOptions } from "./plugin.js";

/**
 * A plugin for `amplitude.add` of @amplitude/analytics-browser (as @amplitude/plugin-session-replay-browser has it) and
 * of @amplitude/analytics-node.
 */
export function sessionReplayPlugin(options: SessionReplayPluginOptions = {}): SessionReplayPlugin {
  return new SessionReplayPlugin(sessionReplay, options, VERSION);
}

export { sessionReplayPlugin as plugin };

/** Tells TypeScript that there is no default export: a host in CommonJS would get `undefined` for one. */
export declare const __esModule: true;
