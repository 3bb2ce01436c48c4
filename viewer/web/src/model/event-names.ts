// Generated from src/companions/: run `SR_GENERATED=write cargo test --lib generated`.
/** The name of rrweb's console plugin: what a page or a program logs is an event of it. */
export const CONSOLE_PLUGIN = "rrweb/console@1";

/** The tag of the custom event that tells of a request. */
export const REQUEST_TAG = "fetch-request";
