// What the Rust core accepts as an id, and the event properties that lead to a replay.

/** The longest device id, in bytes. Its characters are ASCII, so it has as many characters. */
export const MAX_ID_BYTES = 512;

/** A device id that the library accepts; it refuses any other. */
export const DEVICE_ID = new RegExp(`^[\\w.|@:=-]{1,${MAX_ID_BYTES}}$`);

/** The same rule in words, for messages. */
export const ID_RULE = `1 to ${MAX_ID_BYTES} of a-z A-Z 0-9 _ - . | @ : =`;

/** The property that leads from an analytics event to its replay. */
export const REPLAY_ID_PROPERTY = "[Amplitude] Session Replay ID";

/** The property that an event carries with the option `debugMode`. */
export const REPLAY_DEBUG_PROPERTY = "[Amplitude] Session Replay Debug";
