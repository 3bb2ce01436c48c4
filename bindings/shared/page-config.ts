// Generated from src/model/page_config/: run `SR_GENERATED=write cargo test --lib generated`.
// What the recorder inside a page records beside the document: the options `loggingConfig` and `interactionConfig`.
import type { PrivacyConfig } from "./privacy.js";

/** Bytes of a body that are kept where nobody says how many. */
export const DEFAULT_BODY_BYTES = 10_240;

/** More of a body is never kept. */
export const MAX_BODY_BYTES = 1_000_000;

export const CONSOLE_LEVELS = ["info", "log", "warn", "error"] as const;
export type ConsoleLevel = (typeof CONSOLE_LEVELS)[number];

/** The names of headers, in any case; `*` is any. If `allowlist` is not empty, no other header is kept. */
export interface NameLists {
  allowlist?: string[] | undefined;
  excludelist?: string[] | undefined;
}

/** Which members of JSON in bodies are kept: paths as `/user/**`. `blocklist` is an old name of `excludelist`. */
export interface BodyRule {
  enabled?: boolean | undefined;
  allowlist?: string[] | undefined;
  excludelist?: string[] | undefined;
  blocklist?: string[] | undefined;
}

/** What is recorded of the console, of requests and of errors. What is not there is off. */
export interface LoggingConfig {
  /** Default of `levels`: all. */
  console?: { enabled: boolean; levels?: ConsoleLevel[] | undefined } | undefined;
  network?: {
    enabled: boolean;
    /** Secrets are masked in any case. */
    headers?: NameLists | undefined;
    /** Without it no bodies are kept. */
    body?: {
      request?: boolean | BodyRule | undefined;
      response?: boolean | BodyRule | undefined;
      /** Bytes of UTF-8; the rest is cut off. */
      maxBodySizeBytes?: number | undefined;
    } | undefined;
  } | undefined;
  /** Uncaught errors and unhandled rejections. */
  errors?: { enabled: boolean } | undefined;
}

/** An address that the glob `selector` matches is told as `replacement`; the first rule that matches counts. */
export interface UgcFilterRule {
  selector: string;
  replacement: string;
}

/** Clicks and scroll depth for heatmaps, and how addresses are told. */
export interface InteractionConfig {
  enabled?: boolean | undefined;
  /** Equal clicks within an hour are sent as one, with their count. */
  batch?: boolean | undefined;
  /** Milliseconds between two batches at first. */
  trackEveryNms?: number | undefined;
  ugcFilterRules?: UgcFilterRule[] | undefined;
}

/** All that the recorder in a page is told: `sr_get_page_config()`. */
export interface PageConfig {
  privacyConfig?: PrivacyConfig | undefined;
  loggingConfig?: LoggingConfig | undefined;
  interactionConfig?: InteractionConfig | undefined;
}
