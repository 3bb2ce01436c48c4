// The package's version, which is sent to the server.

/** As in package.json; a test compares. */
export const VERSION = "0.1.0";
