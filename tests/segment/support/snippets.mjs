// The three snippets of Amplitude's document "Session Replay integration with Segment", word for word in `snippets/`, those
// of our own manual, and what has to be put into them: imports, keys and addresses.
import { readFileSync } from "node:fs";

const manual = readFileSync(new URL("../../../docs/guide/segment.md", import.meta.url), "utf8");

/** The snippet for Electron from the section of docs/guide/segment.md that is called so: the first, or the one of this number. */
export function manualSnippet(section, segment, number = 0) {
  const [, text] = manual.split(`\n## ${section}\n`);
  const [, electron] = text.split(/\n## /)[0].split("\n**Electron**");
  const snippets = [...electron.matchAll(/\n```js\n(.*?)\n```/gs)].map(([, snippet]) => snippet);
  return adapted(snippets[number], segment);
}

/** The document's snippet as a module for a page that speaks to this Segment. */
export function snippet(name, segment) {
  return adapted(readFileSync(new URL(`../snippets/${name}.js`, import.meta.url), "utf8"), segment);
}

function adapted(text, segment) {
  const changes = [
    ['"@amplitude/session-replay-browser"', '"session-replay-native"'],
    ['"@amplitude/plugin-session-replay-browser"', '"session-replay-native/amplitude"'],
    [/"segment-key"/, `"test-write-key", cdnSettings: ${JSON.stringify(settingsOf(segment))}`],
    [/["']api-key["']/, '"test-api-key"'],
    // Amplitude's own addresses, for the shell of cloud-mode.
    [/instanceName: ["']session-replay["'],/, `$& serverUrl: "${segment.url}/2/httpapi", remoteConfig: { fetchRemoteConfig: false },`],
  ];
  for (const [from, to] of changes) text = text.replace(from, to);
  const makes = { segmentAnalytics: "const segmentAnalytics", amplitude: "import * as amplitude" };
  const shown = Object.keys(makes).filter((name) => text.includes(makes[name]));
  return `${text}\n;${shown.map((name) => `window.${name} = ${name};`).join(" ")} window.isReady = true;`;
}

/** Segment's settings, which its library would fetch. */
export const settingsOf = ({ host }) => ({
  integrations: { "Segment.io": { apiKey: "test-write-key", apiHost: `${host}/v1`, protocol: "http" } },
});
