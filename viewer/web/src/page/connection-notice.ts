// Says at the top of the page when the viewer can't be reached.

import { byId } from "../dom/elements";

type Feed = "list" | "session";

const down = new Set<Feed>();

/** For each feed its own: call it with `true` when the feed breaks and `false` when it is back. */
export function connectionNotice(feed: Feed): (isDown: boolean) => void {
  return (isDown) => {
    if (isDown) down.add(feed);
    else down.delete(feed);
    byId("connection").textContent = down.size > 0 ? "The viewer does not answer, or has too many live feeds; trying again…" : "";
  };
}
