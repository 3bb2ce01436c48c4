// Which parts a session's page has, and where.

import { CompanionPanes } from "../companions/panes";
import { Heatmap } from "../heatmap/heatmap";
import { Sharing } from "../sharing/sharing";
import { EventStrip } from "./event-strip";
import { Facts } from "./facts";
import type { SessionContext, SessionPart } from "./part";
import { ViewsList } from "./views-list";

export interface Parts {
  /** Below the replay, from top to bottom. */
  below: SessionPart[];
  /** Beside it. */
  side: SessionPart[];
}

export function makeParts(context: SessionContext): Parts {
  return {
    below: [new EventStrip(context), new CompanionPanes(context)],
    side: [new Sharing(context), new ViewsList(context), new Heatmap(context), new Facts(context)],
  };
}
