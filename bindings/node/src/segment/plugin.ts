// The plugin for `analytics.register` of @segment/analytics-next and of @segment/analytics-node.
import type { SessionReplayOptions } from "../options/options.js";
import type { SessionReplayApi } from "../integration/api.js";
import { CaptureDecision } from "../integration/capture-decision.js";
import type { SegmentEvent } from "./event.js";
import { EventFollower } from "./event-follower.js";
import { InOrder } from "./in-order.js";
import type { IntegrationOptions } from "./mode.js";
import { warn } from "./warn.js";

/** The part used here of Segment's context of an event. */
export interface SegmentContext {
  event: SegmentEvent;
}

/** The parts used here of Segment's libraries: only the browser's has a user, only that of Node.js is closed. */
interface Analytics {
  user?: () => { anonymousId(): string | null | undefined };
  flush?: unknown;
  closeAndFlush?: unknown;
}

/** What the plugin follows, and whether it starts session replay. */
export interface SegmentPluginOptions extends IntegrationOptions {
  /** Start session replay with this key, the one that is saved with Segment. Not given: `init` is called elsewhere. */
  amplitudeApiKey?: string | undefined;
  /** The options to start it with. */
  sessionReplayOptions?: SessionReplayOptions | undefined;
}

type Step = <Context extends SegmentContext>(context: Context) => Promise<Context>;

/** An enrichment plugin. */
export interface SegmentPlugin {
  name: string;
  type: "enrichment";
  version: string;
  isLoaded: () => boolean;
  load: (context: unknown, analytics: unknown) => Promise<void>;
  track: Step;
  page: Step;
  screen: Step;
  identify: Step;
  group: Step;
  alias: Step;
}

const NAME = "Session Replay Events";

/** Makes the plugin. Nothing that goes wrong in it keeps an event from being sent. */
export function segmentPlugin(api: SessionReplayApi, options: SegmentPluginOptions, version: string): SegmentPlugin {
  const { amplitudeApiKey, sessionReplayOptions } = options;
  const logger = options.loggerProvider ?? sessionReplayOptions?.loggerProvider;
  const deviceId = options.deviceId ?? sessionReplayOptions?.deviceId ?? undefined;
  const follower = new EventFollower(api, { ...options, deviceId, loggerProvider: logger });
  const decision = new CaptureDecision(api);
  const order = new InOrder();
  let started: Promise<void> = Promise.resolve();

  const start = async (apiKey: string, analytics: Analytics | undefined): Promise<void> => {
    const library = { type: "segment", version } as const;
    const segment = { mode: follower.mode };
    decision.start();
    const { promise } = api.init(apiKey, { version: library, segment, ...sessionReplayOptions, deviceId });
    await promise;
    // Not as an option: an option is the host's choice, which no later event would change.
    const anonymousId = analytics?.user?.().anonymousId();
    if (anonymousId && !deviceId) await follower.followDevice(anonymousId);
  };

  const pass: Step = async (context) => {
    await order.run(decision.uninterrupted(started), async () => {
      await follower.process(context.event);
      if (!decision.isPending()) return;
      await decision.settled();
      await follower.process(context.event);
    });
    return context;
  };

  return {
    name: NAME,
    type: "enrichment",
    version,
    isLoaded: () => true,
    load: (_context, analytics) => {
      if (amplitudeApiKey !== undefined) {
        decision.watchFlushes(analytics as Analytics | undefined);
        started = start(amplitudeApiKey, analytics as Analytics | undefined).catch((error: unknown) =>
          warn(logger, "nothing is recorded:", error),
        );
      }
      // Events wait for it, too.
      return decision.uninterrupted(started);
    },
    track: pass,
    page: pass,
    screen: pass,
    identify: async (context) => {
      await pass(context);
      await updateUserProperties(api, context.event).catch(() => {});
      return context;
    },
    group: pass,
    alias: pass,
  };
}

/** Passes on the traits of the user, for targeting. */
async function updateUserProperties(api: SessionReplayApi, { traits }: SegmentEvent): Promise<void> {
  if (typeof traits !== "object" || traits === null) return;
  await api.evaluateTargetingAndCapture?.({ userProperties: traits });
}
