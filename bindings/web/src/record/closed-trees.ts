// Passwords in closed shadow trees: a listener outside of one learns no more than its host. Where the recorder shares the
// page's world, it listens inside, too.

import { passwords } from "../privacy/passwords";
import { wrapMethod } from "../page-world/wrap-method";

/** From now on, for the life of the page. One that is declared in HTML, or made in another world, is not seen. */
export function watchClosedTrees(): void {
  wrapMethod(Element.prototype, "attachShadow", (proceed) => {
    const root = proceed();
    try {
      if (root instanceof ShadowRoot && modeOf.call(root) === "closed") passwords.listenIn(root);
    } catch {
      // The page's tree is as the page wants it.
    }
    return root;
  });
}

const modeOf = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, "mode")!.get as (this: ShadowRoot) => string;
