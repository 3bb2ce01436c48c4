// `require` as it is when the program runs. Bundlers don't look through it, so that what it names is never put into a bundle:
// native addons can't be.
import { createRequire } from "node:module";
import { join } from "node:path";
import { here } from "./here.js";

export const runtimeRequire: NodeJS.Require = createRequire(join(here, "session-replay-native.js"));
