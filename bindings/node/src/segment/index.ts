// Session replay beside Segment, `session-replay-native/segment`: in Node.js, and in an Electron renderer, where a bundler
// takes the package's `browser` side. docs/guide/segment.md says which of these you need.
import * as sessionReplay from "session-replay-native";
import type { SessionReplayOptions } from "../options/options.js";
import { initAfter, type AmplitudeClassic } from "./classic.js";
import { sourceMiddleware, type SourceMiddleware } from "./middleware.js";
import type { IntegrationOptions } from "./mode.js";
import { segmentPlugin, type SegmentPlugin, type SegmentPluginOptions } from "./plugin.js";

export type { AmplitudeClassic } from "./classic.js";
export type { SegmentEvent } from "./event.js";
export type { SegmentMode } from "../model/shared/choices.js";
export type { MiddlewareCall, SourceMiddleware } from "./middleware.js";
export type { IntegrationOptions } from "./mode.js";
export type { SegmentContext, SegmentPlugin, SegmentPluginOptions } from "./plugin.js";

/**
 * A middleware for `analytics.addSourceMiddleware` of @segment/analytics-next: follows the session of the events,
 * and gives track, page and screen events the replay's properties. Call `init` of session-replay-native yourself.
 */
export function createSourceMiddleware(options: IntegrationOptions = {}): SourceMiddleware {
  return sourceMiddleware(sessionReplay, options);
}

/**
 * A plugin for `analytics.register` of @segment/analytics-next or of @segment/analytics-node, which does the same; with
 * `amplitudeApiKey` it starts session replay, too.
 */
export function createSegmentPlugin(options: SegmentPluginOptions = {}): SegmentPlugin {
  return segmentPlugin(sessionReplay, options);
}

/** What Amplitude's own plugin for Segment takes. */
export interface SegmentActionsPluginOptions {
  segmentInstance: { register(...plugins: any[]): PromiseLike<unknown> };
  /** The key that is saved with Segment. */
  amplitudeApiKey: string;
  sessionReplayOptions?: SessionReplayOptions | undefined;
  /** Accepted for compatibility; the option `logLevel: "debug"` logs more. */
  enableWrapperDebug?: boolean | undefined;
}

/** Registers the plugin for Amplitude (Actions), as Amplitude's own function of this name does. */
export async function createSegmentActionsPlugin({
  segmentInstance,
  amplitudeApiKey,
  sessionReplayOptions,
}: SegmentActionsPluginOptions): Promise<void> {
  await segmentInstance.register(createSegmentPlugin({ amplitudeApiKey, sessionReplayOptions }));
}

/**
 * For Amplitude Classic in device-mode: starts session replay once amplitude-js has started, in its session and on its
 * device. `promise` is that of `init`.
 */
export function initWithAmplitudeClassic(
  amplitudeApiKey: string,
  amplitude: AmplitudeClassic,
  options: SessionReplayOptions = {},
): { promise: Promise<void> } {
  return initAfter(sessionReplay, amplitude, amplitudeApiKey, options);
}

/** Tells TypeScript that there is no default export: a host in CommonJS would get `undefined` for one. */
export declare const __esModule: true;
