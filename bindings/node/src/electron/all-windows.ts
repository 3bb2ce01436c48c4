// Records every window of the app: which documents record, and where the replay shows them.
import type { WebContents } from "electron";
import { logForApp } from "./attach-log.js";
import type { AttachOptions } from "./attach-options.js";
import type { Client } from "./clients.js";
import { LeasesOfAll } from "./leases-of-all.js";
import { mayRecord } from "./senders.js";
import type { PageState } from "./window-looks.js";
import { WindowViews } from "./window-views.js";
import { WindowWatch, type WindowSources } from "./window-watch.js";

export class AllWindows {
  readonly leases: LeasesOfAll;
  readonly #watch: WindowWatch;
  readonly #views: WindowViews;

  /** `onChange` is called when a client's lease changes. */
  constructor(
    sources: WindowSources,
    private readonly attachOptions: AttachOptions,
    onChange: (client: Client) => void,
  ) {
    this.leases = new LeasesOfAll(
      (client) => {
        onChange(client);
        this.place();
      },
      (contents) => this.#views.isSeen(contents),
    );
    this.#watch = new WindowWatch(sources, () => this.place(), (contents, url) => this.#onPage(contents, url));
    this.#views = new WindowViews(
      this.#watch,
      sources.app.getName(),
      (contents) => this.#pageOf(contents),
      () => this.leases.grantToSeen(),
      (message) => logForApp({ level: "warn", message }),
    );
  }

  /** Shows the windows as they are, soon. */
  place(): void {
    this.#views.schedule();
  }

  /** Records events of a page, one a line. */
  record(client: Client, lines: string): void {
    this.#views.record(client, lines);
  }

  /** The replay shows no windows any more. */
  end(): void {
    this.#watch.end();
    this.#views.end();
  }

  #pageOf(contents: WebContents): PageState {
    const client = this.leases.clients.find((client) => client.contents.id === contents.id);
    if (client?.document !== undefined) return "recorded";
    return contents.isLoadingMainFrame() ? "loading" : "not-recorded";
  }

  /** A page that may not record needs not say so itself: it may have no preload script. */
  #onPage(contents: WebContents, url: string): void {
    if (!mayRecord(url, this.attachOptions.allowedOrigins)) this.leases.unregister(contents.id);
  }
}

/** What is needed to record all windows, if that is wanted. */
export function sourcesOf({ windows, app, BrowserWindow, screen }: AttachOptions): WindowSources | undefined {
  return windows === "all" && BrowserWindow && screen ? { app, BrowserWindow, screen } : undefined;
}
