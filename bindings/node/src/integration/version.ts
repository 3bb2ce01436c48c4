// The package's version, for the server's statistics.

/** As in package.json; a test compares. */
export const VERSION = "0.1.0";
