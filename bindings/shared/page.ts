// Generated from src/model/event/mod.rs, src/page_line.rs and src/companions/: run `SR_GENERATED=write cargo test --lib generated`.
// What the recorder in a page has to know of the library.

/** Bytes of an event: the server takes no larger one. */
export const MAX_EVENT_BYTES = 9_000_000;

/** The tag of the custom event in which the recorder tells the library what is wrong. */
export const STATUS_TAG = "session-replay-recorder";

/** The tag of the custom event in which a page tells an interaction: the library takes it out of the replay. */
export const INTERACTION_TAG = "session-replay-interaction";

/** The tag of the custom event in which a page tells that it did not handle an error: the library stores nothing of it. */
export const UNHANDLED_ERROR_TAG = "session-replay-unhandled-error";

/** The name of rrweb's console plugin: what a page or a program logs is an event of it. */
export const CONSOLE_PLUGIN = "rrweb/console@1";

/** The tag of the custom event that tells of a request. */
export const REQUEST_TAG = "fetch-request";
