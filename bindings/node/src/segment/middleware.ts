// The source middleware for `analytics.addSourceMiddleware` of @segment/analytics-next.
import type { SessionReplayApi } from "../integration/api.js";
import type { SegmentEvent } from "./event.js";
import { EventFollower } from "./event-follower.js";
import { InOrder } from "./in-order.js";
import type { IntegrationOptions } from "./mode.js";

/** The parts used here of what Segment calls a source middleware with. */
export interface MiddlewareCall<Payload extends { obj: SegmentEvent }> {
  payload: Payload;
  next: (payload: Payload) => void;
}

/** A source middleware. */
export type SourceMiddleware = <Payload extends { obj: SegmentEvent }>(call: MiddlewareCall<Payload>) => Promise<void>;

/**
 * An event that has no session id of Amplitude (Actions) yet is not held back: Segment's own session plugin writes it after
 * every middleware, into the event that passed. When it does, the session is followed, and the properties of the previous
 * session's replay are removed from the event.
 */
export function sourceMiddleware(api: SessionReplayApi, options: IntegrationOptions): SourceMiddleware {
  const follower = new EventFollower(api, options);
  const order = new InOrder();

  return function sessionReplay({ payload, next }) {
    const event: SegmentEvent = payload.obj ?? {};
    return order.run(undefined, async () => {
      const added = await follower.process(event);
      follower.expectSession(event, added);
      next(payload);
    });
  };
}
