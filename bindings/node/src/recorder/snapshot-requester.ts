// Requests full snapshots from the host, once each time the library begins to ask for one: of the one page that is the replay, or
// of each page in a view.
import { atEndOfTurn } from "../model/end-of-turn.js";
import { Status } from "../model/shared/status.js";

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

  end(): void {
    this.#isAsking = false;
  }

  /** A host that records a full snapshot in the same turn need not be asked. */
  readonly #atEndOfTurn = (): void => {
    this.handOver();
    this.#isScheduled = false;
    if (this.#isAsking) this.request();
  };
}
