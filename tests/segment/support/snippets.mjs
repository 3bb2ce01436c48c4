// The three snippets of Amplitude's document "Session Replay integration with Segment", word for word in `snippets/`, and
// what has to be put into them: imports, keys and addresses.
import { readFileSync } from "node:fs";

/** The snippet as a module for a page that speaks to this Segment. `more` is appended, so that the test can call in. */
export function snippet(name, segment, more = "") {
  const settings = { integrations: { "Segment.io": { apiKey: "test-write-key", apiHost: `${segment.host}/v1`, protocol: "http" } } };
  const changes = [
    ['"@amplitude/session-replay-browser"', '"session-replay-native"'],
    ['"@amplitude/plugin-session-replay-browser"', '"session-replay-native/amplitude"'],
    ['"segment-key",', `"test-write-key", cdnSettings: ${JSON.stringify(settings)},`],
    ["'api-key'", "'test-api-key'"],
    // Amplitude's own addresses, for the shell of cloud-mode.
    ["instanceName: 'session-replay',", `$& serverUrl: "${segment.url}/2/httpapi", remoteConfig: { fetchRemoteConfig: false },`],
  ];
  let text = readFileSync(new URL(`../snippets/${name}.js`, import.meta.url), "utf8");
  for (const [from, to] of changes) text = text.replace(from, to.replace("$&", from));
  return `${text}\n;window.segmentAnalytics = segmentAnalytics; ${more}; window.isReady = true;`;
}
