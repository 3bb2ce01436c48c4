// Generated from src/companions/limits.rs: run `SR_GENERATED=write cargo test --lib generated`.
// How much of a request is kept: the library counts bytes, pages count characters.

/** Of a URL. */
export const MAX_URL_LENGTH = 8_192;

/** Of one header's value. */
export const MAX_HEADER_LENGTH = 2_048;

/** How many headers. */
export const MAX_HEADERS = 100;

/** Of the sentence that says what went wrong. */
export const MAX_ERROR_LENGTH = 1_024;

/** Of the method. */
export const MAX_METHOD_LENGTH = 32;

/** Bytes of a body that are looked at. */
export const MAX_READ_BYTES = 1_048_576;

/** How deep a member of JSON may lie that lists of members keep. */
export const MAX_JSON_DEPTH = 64;

/** Looked at, too, behind what is kept: for secrets that are cut in two. */
export const AHEAD_LENGTH = 8_192;
