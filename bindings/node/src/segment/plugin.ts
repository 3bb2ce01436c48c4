// The plugin for `analytics.register` of @segment/analytics-next and of @segment/analytics-node.
import type { SessionReplayOptions } from "../options/options.js";
import { warn, type SessionReplayApi } from "./api.js";
import { Decision } from "./decision.js";
import type { SegmentEvent } from "./event.js";
import { Follower, type IntegrationOptions } from "./follower.js";
import { InOrder } from "./in-order.js";

/** Segment's context of an event, as far as it is used. */
export interface SegmentContext {
  event: SegmentEvent;
}

/** Segment's analytics, as far as they are used: only the browser's know the user, only those of Node.js are closed. */
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
  const follower = new Follower(api, { ...options, deviceId, loggerProvider: logger });
  const decision = new Decision(api);
  const order = new InOrder();
  let started: Promise<void> = Promise.resolve();

  const start = async (apiKey: string, analytics: Analytics | undefined): Promise<void> => {
    const library = { type: "segment", version } as const;
    const segment = { mode: follower.mode };
    decision.begins();
    const { promise } = api.init(apiKey, { version: library, segment, ...sessionReplayOptions, deviceId });
    await promise;
    // Not as an option: what is given there is the host's, and no later event would change it.
    const anonymousId = analytics?.user?.().anonymousId();
    if (anonymousId && !deviceId) await follower.followDevice(anonymousId);
  };

  const pass: Step = async (context) => {
    await order.run(decision.orEnough(started), async () => {
      await follower.process(context.event);
      if (!decision.isOpen()) return;
      await decision.isMade();
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
        decision.heed(analytics as Analytics | undefined);
        started = start(amplitudeApiKey, analytics as Analytics | undefined).catch((error: unknown) =>
          warn(logger, "nothing is recorded:", error),
        );
      }
      // Events wait for it, too.
      return decision.orEnough(started);
    },
    track: pass,
    page: pass,
    screen: pass,
    identify: async (context) => {
      await pass(context);
      await tellUser(api, context.event).catch(() => {});
      return context;
    },
    group: pass,
    alias: pass,
  };
}

/** What is known of the user now, for targeting. */
async function tellUser(api: SessionReplayApi, { traits }: SegmentEvent): Promise<void> {
  if (typeof traits !== "object" || traits === null) return;
  await api.evaluateTargetingAndCapture?.({ userProperties: traits });
}
