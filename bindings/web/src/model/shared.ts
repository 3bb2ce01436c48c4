// What the native library knows, too: the privacy configuration, its limit for an event, and how it recognizes what the
// recorder says of itself. A change here needs the same change there.

/** light: sensitive inputs; medium: all inputs; conservative: all inputs and all text. */
export type MaskLevel = "light" | "medium" | "conservative";

export const MASK_LEVELS: readonly MaskLevel[] = ["light", "medium", "conservative"];

export const DEFAULT_MASK_LEVEL: MaskLevel = "medium";

/** The `privacyConfig` of `@amplitude/session-replay-browser`. */
export interface PrivacyConfig {
  /** What is left out altogether, beside `.amp-block`. */
  blockSelector?: string | string[];
  /** Masked unless something more particular is said. Default: medium. */
  defaultMaskLevel?: MaskLevel;
  /** Masked at every level, beside `.amp-mask`. */
  maskSelector?: string | string[];
  /** Shown at every level, beside `.amp-unmask`; what is to be masked, and passwords, stay masked. */
  unmaskSelector?: string | string[];
  /** Attributes that are masked where the element's text, or input, is. */
  maskAttributes?: string[];
  /** Levels of the pages whose address matches a glob; the first match wins over `defaultMaskLevel`. */
  urlMaskLevels?: { match: string; maskLevel: MaskLevel }[];
}

/** Bytes of an event: the ingest server takes no larger one. */
export const MAX_EVENT_BYTES = 9_000_000;

/** Tag of the custom event in which the recorder tells the library what is wrong. */
export const STATUS_TAG = "session-replay-recorder";
