// Which parts a session's page has, and where.

import { CompanionPanes } from "../companions/panes";
import { Heatmap } from "../heatmap/heatmap";
import { StoryList } from "../story/list";
import { Story } from "../story/moments";
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
  const story = new Story();
  return {
    below: [new EventStrip(context, story), new CompanionPanes(context)],
    side: [new StoryList(context, story), new ViewsList(context), new Heatmap(context), new Facts(context)],
  };
}
