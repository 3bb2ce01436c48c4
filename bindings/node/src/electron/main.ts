// Session replay for the main process of an Electron app: receives what the windows' preload scripts record.
import { invalid } from "../model/errors.js";
import type { AttachOptions } from "./attach-options.js";
import { Attachment } from "./attachment.js";

export type { AttachOptions } from "./attach-options.js";
export { preloadPath } from "./preload-file.js";

export interface Attached {
  /** Undoes {@link attach}; recording by the main process itself goes on. */
  detach(): void;
}

let attached: Attached | undefined;

/** Connects the windows' preload scripts with the recorder. Call it once for the process, as early as possible. */
export function attach(options: AttachOptions): Attached {
  if (attached) throw invalid("attach() was called already: one process has one recorder");
  const attachment = new Attachment(options);
  const own: Attached = {
    detach: () => {
      attachment.detach();
      if (attached === own) attached = undefined;
    },
  };
  attached = own;
  return own;
}
