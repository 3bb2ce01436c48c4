// A session's part that shares it: a link to the moment that is shown, which the address follows, and its events as a file.

import "./sharing.css";
import { downloadPath } from "../api/keep";
import { copyText } from "../dom/clipboard";
import { h } from "../dom/elements";
import { hrefOfMoment, keepMoment, namesMoment } from "../page/route";
import type { SessionContext, SessionPart } from "../part/session-part";
import { announce, announceFailure } from "./announcement";
import { MomentTracker } from "./moment";

export class Sharing implements SessionPart {
  readonly element: HTMLElement;
  private tracker: MomentTracker | null = null;

  constructor(private readonly context: SessionContext) {
    const copy = h("button", { type: "button", "aria-keyshortcuts": "s", click: () => void this.copy() }, "Copy link to this moment");
    const download = h("a", { class: "button", href: downloadPath(context.identity), download: true }, "Download events");
    this.element = h("section", { class: "sharing", "aria-label": "Share" }, copy, download);
  }

  at(ms: number): void {
    // Until something is drawn there is no moment, and what is live moves on.
    if (!this.context.scene() || this.context.isFollowing()) {
      this.tracker = null;
      return;
    }
    this.tracker ??= new MomentTracker(namesMoment());
    const moment = this.tracker.at(ms, performance.now());
    if (moment !== null) keepMoment(this.moment(moment));
  }

  private moment(ms: number): number {
    return Math.round(this.context.recording.start + ms);
  }

  private async copy(): Promise<void> {
    const link = hrefOfMoment(this.context.scene() ? this.moment(this.context.now()) : null);
    if (await copyText(link)) announce("Link to this moment copied");
    else announceFailure("The browser does not let this page copy. The link is", link);
  }
}
