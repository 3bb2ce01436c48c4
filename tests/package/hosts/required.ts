// A host in TypeScript whose CommonJS is written as such, which `verbatimModuleSyntax` demands.
import sessionReplay = require("session-replay-native");
import amplitude = require("session-replay-native/amplitude");
import page = require("session-replay-native/electron/renderer");
import packaging = require("session-replay-native/packaging");
import segment = require("session-replay-native/segment");

const options: sessionReplay.SessionReplayOptions = { deviceId: "d", sessionId: 1, sampleRate: 1 };

async function host(): Promise<sessionReplay.WaitStatus> {
  await sessionReplay.init("key", options).promise;
  const status: sessionReplay.RecordStatus = sessionReplay.record({ type: 4, timestamp: 1, data: {} });
  if (status === "needs-full-snapshot") sessionReplay.stop();
  const stats: sessionReplay.Stats = sessionReplay.stats();
  const inPage: page.Stats | undefined = page.stats();
  segment.createSegmentPlugin({ amplitudeApiKey: "key" });
  amplitude.sessionReplayPlugin({ sampleRate: stats.delivered + (inPage?.delivered ?? 0) });
  const shipped: string[] = packaging.copyRuntimeFiles("dist", { arch: "arm64" } satisfies packaging.Target);
  if (shipped.length !== 3) sessionReplay.stop();
  return sessionReplay.flush(5_000);
}

// @ts-expect-error -- a misspelt option
sessionReplay.init("key", { samplerate: 1 });

export = host;
