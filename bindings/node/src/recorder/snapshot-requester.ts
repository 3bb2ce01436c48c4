// Requests full snapshots from the host, once each time the library begins to ask for one, by the status of a call or when it is polled: of the one page that is the replay, or
// of each page in a view.
import { atEndOfTurn } from "../model/end-of-turn.js";
import { Status } from "../model/shared/status.js";
import { now } from "./real-time.js";

/** The first and the longest pause after a full snapshot that the host's filter dropped. */
const FIRST_WAIT_MS = 5_000;
const MAX_WAIT_MS = 300_000;

export class SnapshotRequester {
  readonly #page: PageRequester;
  readonly #views = new Map<number, { parent: number; page?: PageRequester }>();

  /** `handOver` hands over gathered events, so that the library's status is the newest; `request` asks the host. */
  constructor(
    private readonly handOver: () => void,
    private readonly request: (view?: number) => void,
  ) {
    this.#page = new PageRequester(handOver, () => request());
  }

  /** The library's status for the newest event of the page. */
  onStatus(status: Status): void {
    this.#page.onStatus(status);
  }

  /** A view was placed. The status is that of its page, if it has one. */
  onPlaced(view: number, parent: number, status: Status): void {
    if (status < 0) return;
    const known = this.#views.get(view) ?? { parent };
    this.#views.set(view, known);
    known.page?.onStatus(status);
  }

  /** The status of the page in a view. */
  onPageStatus(view: number, status: Status): void {
    if (status < 0) return;
    const known = this.#views.get(view) ?? { parent: 0 };
    this.#views.set(view, known);
    known.page ??= new PageRequester(this.handOver, () => this.request(view));
    known.page.onStatus(status);
  }

  /** The host took a full snapshot, of the page or of that in a view; its filter kept it or dropped it. */
  onFiltered(isKept: boolean, view?: number): void {
    const page = view === undefined ? this.#page : this.#views.get(view)?.page;
    page?.onFiltered(isKept);
  }

  /** Whether a full snapshot is wanted, of the page in a view, or, of 0, of any page: asked now and then. */
  onPoll(wants: (view: number) => boolean): void {
    const isAny = wants(0);
    let isOfView = false;
    for (const [view, known] of this.#views) {
      const isWanted = isAny && wants(view);
      isOfView ||= isWanted;
      if (isWanted) known.page ??= new PageRequester(this.handOver, () => this.request(view));
      known.page?.onPoll(isWanted);
    }
    this.#page.onPoll(isAny && !isOfView);
  }

  /** The view is closed, with those that lie in it. */
  forgetView(view: number): void {
    this.#views.get(view)?.page?.end();
    this.#views.delete(view);
    for (const [id, { parent }] of this.#views) if (parent === view) this.forgetView(id);
  }

  /** Recording begins: no view is there. */
  forgetViews(): void {
    for (const view of [...this.#views.keys()]) this.forgetView(view);
  }

  /** Another session or device, or recording resumed: a snapshot that was requested before does not count for it. */
  onChange(status: Status): void {
    const pages = [...this.#views.values()].flatMap(({ page }) => page ?? []);
    for (const page of pages.length > 0 ? pages : [this.#page]) page.onChange(status);
  }
}

/** For one page. */
class PageRequester {
  #isAsking = false;
  #isScheduled = false;
  #wasWanted = false;
  /** How long the next request waits; 0 unless full snapshots are dropped. */
  #waitMs = 0;
  #notBefore = 0;

  constructor(
    private readonly handOver: () => void,
    private readonly request: () => void,
  ) {}

  onStatus(status: Status): void {
    if (status !== Status.NeedsFullSnapshot) {
      this.#isAsking = false;
    } else if (!this.#isAsking) {
      this.#isAsking = true;
      if (!this.#isScheduled) atEndOfTurn(this.#atEndOfTurn);
      this.#isScheduled = true;
    }
  }

  onChange(status: Status): void {
    this.#isAsking = false;
    this.onStatus(status);
  }

  /** One that was wanted the time before, too, is: a page that begins has taken its own by then. */
  onPoll(isWanted: boolean): void {
    if (!isWanted) this.onStatus(Status.Ok);
    else if (this.#wasWanted) this.onStatus(Status.NeedsFullSnapshot);
    this.#wasWanted = isWanted;
  }

  /** Who drops each must not be asked for one after the other. */
  onFiltered(isKept: boolean): void {
    this.#waitMs = isKept ? 0 : Math.min(Math.max(FIRST_WAIT_MS, this.#waitMs * 2), MAX_WAIT_MS);
    this.#notBefore = now() + this.#waitMs;
  }

  end(): void {
    this.#isAsking = false;
  }

  /** A host that records a full snapshot in the same turn need not be asked. */
  readonly #atEndOfTurn = (): void => {
    this.handOver();
    this.#isScheduled = false;
    if (!this.#isAsking) return;
    // What comes after the wait asks anew.
    if (now() < this.#notBefore) this.#isAsking = false;
    else this.request();
  };
}
