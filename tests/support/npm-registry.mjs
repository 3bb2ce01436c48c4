// A registry on loopback that has the packages of an archive each, and passes whatever else is asked for on to the real one: what
// depends on a package by its version is installed from a registry, and from nothing else.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./children.mjs";
import { serve } from "./servers.mjs";

/** Starts one that has our packages: the published one, and those of all systems. Their archives lie in this folder, as npm names them. */
export async function startOwnRegistry(folder) {
  const { SYSTEMS, mainManifest, platformManifest } = await import("../../bindings/node/scripts/pack.mjs");
  const packages = [mainManifest(), ...Object.keys(SYSTEMS).map(platformManifest)].map((manifest) => {
    const archive = join(folder, `${manifest.name}-${manifest.version}.tgz`);
    return { manifest, archive: existsSync(archive) ? archive : undefined };
  });
  return startRegistry(packages, (await command("npm", ["config", "get", "registry"])).trim());
}

/**
 * Starts one. `packages`: `{ manifest, archive }` of each; without an archive, a package can be asked about, as for another system,
 * but not fetched. `upstream`: the real registry's address. The answer's `fetched` names the packages whose archives were asked for.
 */
async function startRegistry(packages, upstream) {
  const fetched = [];
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const registry = await serve((request, response) => {
    const [, name, rest] = /^\/([^/?]+)(.*)$/.exec(decodeURIComponent(request.url)) ?? [];
    const own = byName.get(name);
    if (own === undefined) return pass(request, response, upstream).catch((error) => response.writeHead(502).end(String(error)));
    if (!rest.startsWith("/-/")) return answer(response, JSON.stringify(packument(registry.url, own)));
    fetched.push(name);
    if (own.archive === undefined) return response.writeHead(404).end();
    return answer(response, readFileSync(own.archive), "application/octet-stream");
  });
  return { ...registry, fetched };
}

function answer(response, body, type = "application/json") {
  response.writeHead(200, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) }).end(body);
}

/** What a registry tells of a package: here of its one version. */
function packument(url, { manifest, archive }) {
  const { name, version } = manifest;
  const tarball = `${url}/${name}/-/${name}-${version}.tgz`;
  const digest = (algorithm, encoding) => createHash(algorithm).update(archive === undefined ? name : readFileSync(archive)).digest(encoding);
  const dist = { tarball, shasum: digest("sha1", "hex"), integrity: `sha512-${digest("sha512", "base64")}` };
  // Some package managers wait for days after a release, and want to know its time.
  const time = { created: LONG_AGO, modified: LONG_AGO, [version]: LONG_AGO };
  return { _id: name, name, "dist-tags": { latest: version }, versions: { [version]: { _id: `${name}@${version}`, ...manifest, dist } }, time };
}
const LONG_AGO = "2020-01-01T00:00:00.000Z";

/** Archives are fetched from where the real registry says that they are. */
async function pass({ method, url, headers }, response, upstream) {
  const accept = headers.accept ?? "*/*";
  const answered = await fetch(upstream.replace(/\/$/, "") + url, { method, headers: { accept } });
  const body = Buffer.from(await answered.arrayBuffer());
  response.writeHead(answered.status, { "Content-Type": answered.headers.get("content-type") ?? "application/json" }).end(body);
}
