// What a program does beside what it shows: its log and its HTTP requests.

/** How severe a line of a log is. "debug" stands in the replay as "log", the level of `console.log`. */
export type LogLineLevel = "error" | "warn" | "info" | "log" | "debug";

/** Headers as they are at hand: an object, as `http` has it; pairs or a `Headers`, as `fetch` does; or `Name: value` a line. */
export type RequestHeaders =
  | string
  | Readonly<Record<string, string | number | readonly string[] | undefined>>
  | Iterable<readonly [string, string]>;

/** An HTTP request of the program that has ended, well or not. */
export interface RecordedRequest {
  /** Where it went, as text or as a `URL`. Passwords and tokens in it are masked. */
  url: string | { readonly href: string };
  /** "GET" without it. */
  method?: string | undefined;
  /** Of the response. Without it, or 0: there was none. */
  status?: number | undefined;
  /** When it began, in milliseconds since 1970. Without it: as long ago as it took. */
  startedMs?: number | undefined;
  /** How long it took. */
  durationMs?: number | undefined;
  /** Without a word about `loggingConfig.network`, those that are known to be safe are kept; with it all, or those its `headers` name. */
  requestHeaders?: RequestHeaders | undefined;
  responseHeaders?: RequestHeaders | undefined;
  /** Kept only where `loggingConfig.network.body` says so. */
  requestBody?: string | Uint8Array | undefined;
  responseBody?: string | Uint8Array | undefined;
  /** Why there is no response. */
  error?: string | Error | undefined;
}
