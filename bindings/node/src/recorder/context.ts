// What all parts of the recorder share: the library, and the ways to inform the host.
import { filteredThreads } from "../copies/filtered-threads.js";
import type { SessionReplayError } from "../model/errors.js";
import { Status } from "../model/shared/status.js";
import { CurrentSession } from "./current-session.js";
import { EventFilter } from "./event-filter.js";
import { EventHub } from "./event-hub.js";
import { LibraryHandle } from "./library-handle.js";
import { LogPoller } from "./log-poller.js";
import { Notices } from "./notices.js";
import { RequestCarrier } from "./request-carrier.js";
import { SnapshotRequester } from "./snapshot-requester.js";

export interface RecorderContext {
  readonly events: EventHub;
  /** The host's `beforeRecord`. */
  readonly filter: EventFilter;
  readonly library: LibraryHandle;
  readonly notices: Notices;
  readonly session: CurrentSession;
  readonly snapshots: SnapshotRequester;
  readonly poller: LogPoller;
  readonly requests: RequestCarrier;
}

/** `refusal`: why no library may be used here. */
export function createContext(refusal?: SessionReplayError): RecorderContext {
  const events = new EventHub();
  const library: LibraryHandle = new LibraryHandle({
    onStatus: (status) => snapshots.onStatus(status),
    onRefused: (status, message) => {
      if (status === Status.NotInitialized) notices.notInitialized("record");
      else events.log("error", `an event was refused after record() had returned: ${message}`);
    },
  }, refusal);
  const notices = new Notices(events, () => library.loadError);
  const snapshots = new SnapshotRequester(
    () => library.current?.handOver(),
    (view) => events.emit("needs-full-snapshot", view),
  );
  const session = new CurrentSession(library);
  const poller = new LogPoller(events, library, session, snapshots);
  const filter = new EventFilter((warning) => notices.warnOnce(warning), filteredThreads());
  return { events, filter, library, notices, session, snapshots, poller, requests: new RequestCarrier() };
}
