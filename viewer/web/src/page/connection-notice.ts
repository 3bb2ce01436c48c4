// Says at the top of the page when the viewer can't be reached.

import { byId } from "../dom/elements";

const broken = new Set<string>();

/** For each feed its own: call it with `true` when the feed breaks and `false` when it is back. */
export function connection(feed: string): (isDown: boolean) => void {
  return (isDown) => {
    if (isDown) broken.add(feed);
    else broken.delete(feed);
    byId("connection").textContent = broken.size > 0 ? "The viewer does not answer, or has too many live feeds; trying again…" : "";
  };
}
