// Generated from src/options/fields.rs and src/model/privacy.rs: run `SR_GENERATED=write cargo test --lib generated`.
// What the recorder inside a page hides: the option `privacyConfig`.
import type { MaskLevel } from "./choices.js";

export { MASK_LEVELS, type MaskLevel } from "./choices.js";

export const DEFAULT_MASK_LEVEL: MaskLevel = "medium";

/** Bytes of one selector, name or pattern, in UTF-8. */
export const MAX_SELECTOR_BYTES = 4_096;

/** Entries of one list. */
export const MAX_SELECTORS = 1_000;

/** What the recorder inside a page hides. */
export interface PrivacyConfig {
  /** How much is masked where no selector says otherwise. Default "medium". */
  defaultMaskLevel?: MaskLevel | undefined;
  /** What is left out altogether. Default: none. */
  blockSelector?: string | string[] | undefined;
  /** What is masked at every level. Default: none. */
  maskSelector?: string[] | undefined;
  /** What is not masked. Default: none. */
  unmaskSelector?: string[] | undefined;
  /** Attributes that are masked where their element's text would be. Default: none. */
  maskAttributes?: string[] | undefined;
  /** Levels for some addresses; the first that matches counts. Default: none. */
  urlMaskLevels?: { match: string; maskLevel: MaskLevel }[] | undefined;
}
