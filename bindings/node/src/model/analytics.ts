// What analytics events say about themselves, and what they are answered.

/** What an analytics event says about itself. null, 0 and "" mean "none yet". */
export interface ToldByAnalytics {
  /** Its device, if it knows one. */
  deviceId?: string | null | undefined;
  /** Its session, in milliseconds since 1970. */
  sessionId?: number | null | undefined;
}

/** What is known after an analytics event was followed. All members are of the same moment. */
export interface Followed {
  /** The current session. */
  sessionId: number | string | undefined;
  /** What the event has to carry: the properties of its own replay where that is captured, and nothing otherwise. */
  properties: { [key: string]: string };
}
