// The plugin for `analytics.register` of @segment/analytics-next and of @segment/analytics-node.
import type { SessionReplayOptions } from "../options/options.js";
import type { SessionReplayApi } from "../integration/api.js";
import { CaptureDecision } from "../integration/capture-decision.js";
import { VERSION } from "../model/version.js";
import type { SegmentEvent } from "./event.js";
import { EventFollower } from "./event-follower.js";
import { InOrder } from "./in-order.js";
import type { IntegrationOptions } from "./mode.js";
import { warn, type WarnLogger } from "./warn.js";

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
export function segmentPlugin(api: SessionReplayApi, options: SegmentPluginOptions): SegmentPlugin {
  const enrichment = new Enrichment(api, options);
  const pass: Step = (context) => enrichment.pass(context);
  return {
    name: NAME,
    type: "enrichment",
    version: VERSION,
    isLoaded: () => true,
    load: (_context, analytics) => enrichment.load(analytics as Analytics | undefined),
    track: pass,
    page: pass,
    screen: pass,
    identify: pass,
    group: pass,
    alias: pass,
  };
}

/** Starts session replay where that is wanted, and gives events the properties of their replay, in order. */
class Enrichment {
  readonly #follower: EventFollower;
  readonly #decision: CaptureDecision;
  readonly #order = new InOrder();
  readonly #logger: WarnLogger | null | undefined;
  readonly #deviceId: string | undefined;
  #started: Promise<void> = Promise.resolve();

  constructor(
    private readonly api: SessionReplayApi,
    private readonly options: SegmentPluginOptions,
  ) {
    const { sessionReplayOptions } = options;
    this.#logger = options.loggerProvider ?? sessionReplayOptions?.loggerProvider;
    this.#deviceId = options.deviceId ?? sessionReplayOptions?.deviceId ?? undefined;
    this.#follower = new EventFollower(api, { ...options, deviceId: this.#deviceId, loggerProvider: this.#logger });
    this.#decision = new CaptureDecision(api);
  }

  load(analytics: Analytics | undefined): Promise<void> {
    const { amplitudeApiKey } = this.options;
    if (amplitudeApiKey !== undefined) {
      this.#decision.watchFlushes(analytics);
      this.#started = this.#start(amplitudeApiKey, analytics).catch((error: unknown) =>
        warn(this.#logger, "nothing is recorded:", error),
      );
    }
    // Events wait for it, too.
    return this.#decision.uninterrupted(this.#started);
  }

  async pass<Context extends SegmentContext>(context: Context): Promise<Context> {
    await this.#order.run(this.#decision.uninterrupted(this.#started), async () => {
      let isDecided = true;
      await this.#follower.process(context.event, () => (isDecided = !this.#decision.isPending()));
      if (isDecided && !this.#decision.isPending()) return;
      await this.#decision.settled();
      await this.#follower.process(context.event);
    });
    return context;
  }

  async #start(apiKey: string, analytics: Analytics | undefined): Promise<void> {
    const version = { type: "segment", version: VERSION } as const;
    const segment = { mode: this.#follower.mode };
    const deviceId = this.#deviceId;
    this.#decision.start();
    await this.api.init(apiKey, { version, segment, ...this.options.sessionReplayOptions, deviceId }).promise;
    // Not as an option: an option is the host's choice, which no later event would change.
    const anonymousId = analytics?.user?.().anonymousId();
    if (anonymousId && !deviceId) await this.#follower.followDevice(anonymousId);
  }
}
