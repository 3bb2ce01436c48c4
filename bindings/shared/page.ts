// Generated from src/model/event/mod.rs and src/page_status.rs: run `SR_GENERATED=write cargo test --lib generated`.
// What the recorder in a page has to know of the library.

/** Bytes of an event: the server takes no larger one. */
export const MAX_EVENT_BYTES = 9_000_000;

/** The tag of the custom event in which the recorder tells the library what is wrong. */
export const STATUS_TAG = "session-replay-recorder";
