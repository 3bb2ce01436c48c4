// What ties the two servers together: an event at Segment and the recording at the viewer.
export const REPLAY_ID = "[Amplitude] Session Replay ID";

/** An rrweb event that says in which session it was recorded. */
export const mark = (session) => ({ type: 5, timestamp: Date.now(), data: { tag: "session", payload: { session } } });

/** Which sessions the marks of a recording name; the recording must be there. */
export async function marksOf(viewer, replayId) {
  const slash = replayId.lastIndexOf("/");
  const events = await viewer.events(replayId.slice(0, slash), replayId.slice(slash + 1));
  return events.filter(({ type, data }) => type === 5 && data.tag === "session").map(({ data }) => data.payload.session);
}
