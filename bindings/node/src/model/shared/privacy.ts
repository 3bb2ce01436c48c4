// What the recorder inside a page hides: the option `privacyConfig`.
import type { MASK_LEVELS } from "./choices.js";

/** How strictly the in-page recorder hides what users see and type. */
export type MaskLevel = (typeof MASK_LEVELS)[number];

/** What the in-page recorder hides. */
export interface PrivacyConfig {
  blockSelector?: string | string[] | undefined;
  maskSelector?: string[] | undefined;
  unmaskSelector?: string[] | undefined;
  maskAttributes?: string[] | undefined;
  defaultMaskLevel?: MaskLevel | undefined;
  urlMaskLevels?: { match: string; maskLevel: MaskLevel }[] | undefined;
}
