// What rrweb is asked to record, and what of it is done here instead.

import type { PageOptions } from "../model/page-options";
import { BLOCK_CLASS, NOTHING, type Privacy } from "../privacy/config";
import type { Mask } from "../privacy/mask";
import type { RrwebOptions } from "./rrweb-recorder";

/** Parts of a document that nothing is drawn from. The browser SDK leaves out the same. */
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

/** What may change while rrweb runs, which reads its options once. */
export interface Current {
  privacy: () => Privacy;
  mask: () => Mask;
  /** Whether the page caused this error, and so must get it. */
  isPageError: (error: unknown) => boolean;
  note: (error: unknown) => void;
}

export function rrwebOptions(page: PageOptions, current: Current): RrwebOptions {
  return {
    blockClass: BLOCK_CLASS,
    // The browser converts the selector to a string each time it is used.
    blockSelector: { toString: () => current.privacy().blockSelector ?? NOTHING } as string,
    // The sanitizer masks every text: rrweb must mask none.
    maskTextClass: "session-replay-never",
    // Passwords are masked here already, so that rrweb does not emit an event for each letter.
    maskInputOptions: { input: true, select: true, textarea: true } as object,
    maskInputFn: (text, element) => current.mask().password(text, element),
    slimDOMOptions: SLIM,
    inlineStylesheet: page.shouldInlineStylesheet,
    inlineImages: page.inlineImages,
    errorHandler: (error: unknown) => {
      if (current.isPageError(error)) return false;
      current.note(error);
      return true;
    },
  };
}
