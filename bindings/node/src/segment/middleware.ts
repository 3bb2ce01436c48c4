// The source middleware for `analytics.addSourceMiddleware` of @segment/analytics-next.
import type { SessionReplayApi } from "./api.js";
import type { SegmentEvent } from "./event.js";
import { Follower, type IntegrationOptions } from "./follower.js";
import { InOrder, nextTick } from "./in-order.js";

/** What Segment calls a source middleware with, as far as it is used. */
export interface MiddlewareCall<Payload extends { obj: SegmentEvent }> {
  payload: Payload;
  next: (payload: Payload) => void;
}

/** A source middleware. */
export type SourceMiddleware = <Payload extends { obj: SegmentEvent }>(call: MiddlewareCall<Payload>) => Promise<void>;

/**
 * An event that has no session id of Amplitude (Actions) yet is looked at again on the next turn of the event loop, and
 * then passes, whatever it holds. Segment's own session plugin writes it later still, into the event that passed: so
 * it is looked at once more, as the setTimeout in Amplitude's document does, for the session to be followed.
 */
export function sourceMiddleware(api: SessionReplayApi, options: IntegrationOptions): SourceMiddleware {
  const follower = new Follower(api, options);
  const order = new InOrder();

  return function sessionReplay({ payload, next }) {
    const event: SegmentEvent = payload.obj ?? {};
    return order.run(follower.isAwaiting(event) ? nextTick() : undefined, async () => {
      await follower.process(event);
      const isMissing = follower.isAwaiting(event);
      next(payload);
      if (isMissing) void nextTick().then(() => follower.follow(event));
    });
  };
}
