// What rrweb is asked to record, and what of it is left to us.

import type { Gate } from "./rrweb-recorder";
import type { Mask } from "../privacy/mask";
import type { PageOptions } from "./page-options";
import { BLOCK_CLASS, type Privacy } from "../privacy/config";

/** Never matches. */
const NOTHING = ":not(*)";

/** What rrweb draws nothing from. The browser SDK leaves out the same. */
const SLIM = {
  script: true,
  comment: true,
  headFavicon: true,
  headWhitespace: true,
  headMetaDescKeywords: true,
  headMetaSocial: true,
  headMetaRobots: true,
  headMetaHttpEquiv: true,
  headMetaAuthorship: true,
  headMetaVerification: true,
};

/** What may change while rrweb runs, which takes its options once. */
export interface Current {
  privacy: () => Privacy;
  mask: () => Mask;
  /** Whether the page caused this error, and so has to see it. */
  isPages: (error: unknown) => boolean;
  note: (error: unknown) => void;
}

export function rrwebOptions(page: PageOptions, current: Current): Gate["options"] {
  return {
    blockClass: BLOCK_CLASS,
    // The browser asks a selector that is no text for its text, each time.
    blockSelector: { toString: () => current.privacy().blockSelector ?? NOTHING } as string,
    // The mask sees every text when it comes by: rrweb is to mask none.
    maskTextClass: "session-replay-never",
    // Masked here already so that rrweb does not tell of each letter; everything else is masked when it comes by.
    maskInputOptions: { input: true, select: true, textarea: true } as object,
    maskInputFn: (text, element) => current.mask().secret(text, element),
    slimDOMOptions: SLIM,
    inlineStylesheet: page.shouldInlineStylesheet,
    inlineImages: page.inlineImages,
    errorHandler: (error: unknown) => {
      if (current.isPages(error)) return false;
      current.note(error);
      return true;
    },
  };
}
