// Which session the library is in.
import { sessionIdOf, type ReplayId, type SessionId, type TextSessionId } from "../model/ids.js";
import type { LibraryHandle } from "./library-handle.js";

export class CurrentSession {
  /** The text that was set last: without a device the library does not return a session that is a text. */
  #text: TextSessionId | undefined;

  constructor(private readonly library: LibraryHandle) {}

  get id(): SessionId | undefined {
    const library = this.library.attach();
    const id = library?.getSessionId();
    if (library === undefined || id === undefined || typeof id === "string" || id >= 0) return id as SessionId | undefined;
    const replayId = library.getSessionReplayId();
    return replayId === null ? this.#text : sessionIdOf(replayId);
  }

  get replayId(): ReplayId | undefined {
    return this.library.attach()?.getSessionReplayId() ?? undefined;
  }

  /** The session was set to this. */
  remember(id: SessionId | undefined): void {
    this.#text = typeof id === "string" ? id : undefined;
  }
}
