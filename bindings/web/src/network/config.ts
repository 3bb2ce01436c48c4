// What of requests is recorded, from the configuration of the page: checked, with defaults and bounds.

import { type Complain, listOf } from "../model/lists";
import { type BodyRule, DEFAULT_BODY_BYTES, type LoggingConfig, MAX_BODY_BYTES, type NameLists } from "../model/shared";

export interface BodyRules {
  /** JSON paths; null: no list, so that all is recorded as it is. */
  paths: { allowlist: string[]; excludelist: string[] } | null;
  maxBytes: number;
}

export interface NetworkConfig {
  /** null: no bodies. */
  request: BodyRules | null;
  response: BodyRules | null;
  /** Names of headers, in small letters, or "*"; null: any. */
  allowedHeaders: string[] | null;
  excludedHeaders: string[];
}

/** null: requests are not recorded. */
export function networkConfigOf(logging: LoggingConfig | undefined, complain: Complain = () => {}): NetworkConfig | null {
  const network = logging?.network;
  if (network?.enabled !== true) return null;
  const { body } = network;
  if (!isObjectOrNone(body)) complain(`loggingConfig: network.body must be an object: no bodies are recorded until it is`);
  const maxBytes = bodyBytes(body?.maxBodySizeBytes);
  return {
    request: bodyRules(body?.request, "network.body.request", maxBytes, complain),
    response: bodyRules(body?.response, "network.body.response", maxBytes, complain),
    ...headerRules(network.headers, complain),
  };
}

const isObjectOrNone = (given: unknown) =>
  given === undefined || given === null || (typeof given === "object" && !Array.isArray(given));

function bodyBytes(given: unknown): number {
  const isNumber = typeof given === "number" && given >= 0;
  return isNumber ? Math.min(Math.floor(given), MAX_BODY_BYTES) : DEFAULT_BODY_BYTES;
}

type HeaderRules = Pick<NetworkConfig, "allowedHeaders" | "excludedHeaders">;
const NO_HEADERS: HeaderRules = { allowedHeaders: [], excludedHeaders: [] };

function headerRules(given: NameLists | undefined, complain: Complain): HeaderRules {
  if (!isObjectOrNone(given)) {
    complain("loggingConfig: network.headers must be an object: no headers are recorded until it is");
    return NO_HEADERS;
  }
  const allowed = listOf(given?.allowlist, "network.headers.allowlist", complain);
  const excluded = listOf(given?.excludelist, "network.headers.excludelist", complain);
  if (!allowed || !excluded) return NO_HEADERS;
  const lower = (names: string[]) => names.map((name) => name.toLowerCase());
  return { allowedHeaders: allowed.length > 0 ? lower(allowed) : null, excludedHeaders: lower(excluded) };
}

function bodyRules(given: boolean | BodyRule | undefined, name: string, maxBytes: number, complain: Complain): BodyRules | null {
  if (given === true) return { paths: null, maxBytes };
  if (given === false || given === undefined || given === null) return null;
  if (!isObjectOrNone(given) || !(given.enabled === undefined || given.enabled === null || typeof given.enabled === "boolean")) {
    complain(`loggingConfig: ${name} must be true, false or an object: no such bodies are recorded until it is`);
    return null;
  }
  if (given.enabled === false) return null;
  const allowlist = listOf(given.allowlist, `${name}.allowlist`, complain);
  const excluded = [given.excludelist, given.blocklist].map((list) => listOf(list, `${name}.excludelist`, complain));
  if (!allowlist || excluded.includes(null)) return null;
  const excludelist = excluded.find((list) => list && list.length > 0) ?? [];
  if (allowlist.length === 0 && excludelist.length === 0) return { paths: null, maxBytes };
  return { paths: { allowlist: allowlist.length > 0 ? allowlist : ["/**"], excludelist }, maxBytes };
}
