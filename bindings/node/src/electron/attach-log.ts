// The log of `attach`, which tells of windows before `init`, and without it. It is the recorder's: listeners of "log" hear it, too.
import { stats } from "../index.js";
import type { LogLine } from "../model/log.js";
import { logSettingsOf } from "../options/sorted.js";
import { sharedRecorder } from "../shared-recorder.js";
import type { AttachOptions } from "./attach-options.js";

/** Until `init` says where the log goes, the options of `attach` do, if they say anything of it. */
export function directLog({ options }: AttachOptions): void {
  const settings = logSettingsOf(options);
  const saysNothing = settings.logger === undefined && options?.logLevel === undefined;
  if (!saysNothing && stats().state === "not-initialized") sharedRecorder().events.logSettings = settings;
}

export const logForApp = ({ level, message }: LogLine): void => sharedRecorder().events.log(level, message);
