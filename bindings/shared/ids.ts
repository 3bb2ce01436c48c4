// Generated from src/model/ids.rs: run `SR_GENERATED=write cargo test --lib generated`.
// Ids, and the event properties that lead to a replay.

/** The longest device or session id, in bytes. Their characters are ASCII, so it has as many characters. */
export const MAX_ID_BYTES = 512;

/** A device id, or a session id that is a text, which the library accepts; it refuses any other. */
export const ID_PATTERN = /^[A-Za-z0-9_.|@:=-]{1,512}$/;

/** The same rule in words, for messages. */
export const ID_RULE = "1 to 512 of a-z A-Z 0-9 _ - . | @ : =";

/** The property that leads from an analytics event to its replay. */
export const REPLAY_ID_PROPERTY = "[Amplitude] Session Replay ID";

/** The property that an event carries with the option `debugMode`. */
export const REPLAY_DEBUG_PROPERTY = "[Amplitude] Session Replay Debug";
