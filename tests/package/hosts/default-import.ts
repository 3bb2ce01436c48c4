// There is no default export, and each host is told so when it is compiled, since `undefined` is what it would get.
// @ts-expect-error -- import * as sessionReplay
import sessionReplay from "session-replay-native";
// @ts-expect-error -- import { sessionReplayPlugin }
import amplitude from "session-replay-native/amplitude";
// @ts-expect-error -- import { attach }
import main from "session-replay-native/electron/main";
// @ts-expect-error -- import * as sessionReplay
import page from "session-replay-native/electron/renderer";
// @ts-expect-error -- import { runtimeFiles }
import packaging from "session-replay-native/packaging";
// @ts-expect-error -- import { createSegmentPlugin }
import segment from "session-replay-native/segment";

export const used = [sessionReplay, amplitude, main, page, packaging, segment];
