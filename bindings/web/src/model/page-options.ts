// The browser SDK's options for how a page is recorded, parsed from whatever the host sent.

export interface PageOptions {
  /** Whether style sheets of the page go into the snapshot. Default: true. */
  shouldInlineStylesheet: boolean;
  /** Whether images go into the snapshot. Default: false. */
  inlineImages: boolean;
  /** Whether a full snapshot is taken when the page gets the focus. Default: false. */
  captureFullSnapshotOnFocus: boolean;
  /** Milliseconds between full snapshots. Default: 0, none at intervals. */
  fullSnapshotIntervalMs: number;
  /** Whether the title of the document is told with its address. Default: false. */
  captureDocumentTitle: boolean;
  /** Milliseconds between looks at the address, beside the events that tell of its changes. Default: 0, none. */
  urlPollingMs: number;
  /** How long the selector of what is clicked is searched for. */
  selectorLimits: SelectorLimits;
  /** Frames of other origins; null, the default: they are not recorded. */
  crossOriginIframes: CrossOriginIframes | null;
  performance: PerformanceOptions;
  /** Whether the box that stands for a blocked element is coloured. Default: false. */
  applyBackgroundColorToBlockedElements: boolean;
  /** Milliseconds after which a page that nobody uses is not recorded until somebody does. Default: 0, never. */
  idleTimeoutMs: number;
  /** Pictures of each canvas in a second, of `recordCanvas` and `sampling.canvas`. Default: 0, none. */
  canvasesPerSecond: number;
}

export interface PerformanceOptions {
  /** Whether events are written as JSON while the page is idle. Default: true. */
  isDeferred: boolean;
  /** How long a busy page may keep them waiting. Default: 500. */
  timeoutMs: number;
  /** Whether changes of the document that follow one another closely are joined. Default: true. Only where they are deferred. */
  mergeMutations: boolean;
}

/** What the host may give. */
export interface GivenPageOptions extends Partial<Omit<PageOptions, "crossOriginIframes" | "performance" | "canvasesPerSecond" | "urlPollingMs" | "selectorLimits">> {
  /** `coordinateChildren` means nothing here: a frame always follows the page around it. */
  crossOriginIframes?: { enabled: boolean; coordinateChildren?: boolean; allowedOrigins?: string[] };
  /** `timeout` in milliseconds. */
  performanceConfig?: { enabled: boolean; timeout?: number; mergeMutations?: boolean; interaction?: Partial<SelectorLimits> };
  enableUrlChangePolling?: boolean;
  urlChangePollingInterval?: number;
  recordCanvas?: boolean;
  /** `canvas`: pictures of each in a second, 10 at most. Default: 1. */
  sampling?: { canvas?: number };
}

export interface CrossOriginIframes {
  /** The origins that may take part, as frames and as pages around this one; null, the default: any. */
  allowedOrigins: readonly string[] | null;
}

/** `performanceConfig.interaction`. */
export interface SelectorLimits {
  /** Milliseconds of the page's main thread. */
  timeoutMs: number;
  /** Attempts at a shorter selector. */
  maxNumberOfTries: number;
  /** How many combinations are tried before a simpler kind of selector is. */
  threshold: number;
}

/** The browser SDK's, but for the time, which it leaves open. */
export const DEFAULT_SELECTOR_LIMITS: SelectorLimits = { timeoutMs: 25, maxNumberOfTries: 10_000, threshold: 1_000 };
const DEFAULT_POLLING_MS = 1_000;

/** More often would only keep the page busy. */
const MIN_INTERVAL_MS = 1_000;
const MIN_POLLING_MS = 100;
/** A click that takes longer is felt. */
const MAX_SELECTOR_MS = 1_000;
/** Browsers count timers in 32 bits: a longer one would end at once. */
const MAX_INTERVAL_MS = 2_147_483_647;

/** What waits in a page that dies is lost: so not for long. */
const TIMEOUT_MS = 500;
const MAX_CANVASES_PER_SECOND = 10;
const MAX_TIMEOUT_MS = 10_000;

export function parsePageOptions(given: unknown): PageOptions {
  const options = objectOr(given);
  return {
    shouldInlineStylesheet: options["shouldInlineStylesheet"] !== false,
    inlineImages: options["inlineImages"] === true,
    captureFullSnapshotOnFocus: options["captureFullSnapshotOnFocus"] === true,
    fullSnapshotIntervalMs: parseInterval(options["fullSnapshotIntervalMs"]),
    captureDocumentTitle: options["captureDocumentTitle"] === true,
    urlPollingMs:
      options["enableUrlChangePolling"] === true
        ? between(options["urlChangePollingInterval"], MIN_POLLING_MS, MAX_INTERVAL_MS, DEFAULT_POLLING_MS)
        : 0,
    selectorLimits: parseSelectorLimits(objectOr(objectOr(options["performanceConfig"])["interaction"])),
    applyBackgroundColorToBlockedElements: options["applyBackgroundColorToBlockedElements"] === true,
    canvasesPerSecond: options["recordCanvas"] === true ? parseRate(objectOr(options["sampling"])["canvas"]) : 0,
    idleTimeoutMs: parseInterval(options["idleTimeoutMs"]),
    crossOriginIframes: parseCrossOriginIframes(options["crossOriginIframes"]),
    performance: parsePerformance(objectOr(options["performanceConfig"])),
  };
}

const parseInterval = (given: unknown): number => between(given, MIN_INTERVAL_MS, MAX_INTERVAL_MS, 0);

const parseRate = (given: unknown): number => between(given, 0, MAX_CANVASES_PER_SECOND, 1);

const objectOr = (given: unknown) => (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;

function parsePerformance({ enabled, timeout, mergeMutations }: Record<string, unknown>): PerformanceOptions {
  const isTime = typeof timeout === "number" && timeout > 0;
  return {
    isDeferred: enabled !== false,
    timeoutMs: isTime ? Math.min(timeout, MAX_TIMEOUT_MS) : TIMEOUT_MS,
    mergeMutations: mergeMutations !== false,
  };
}

/** A list that is none allows nobody: it was meant to keep somebody out. */
function parseCrossOriginIframes(given: unknown): CrossOriginIframes | null {
  const options = objectOr(given);
  if (options["enabled"] !== true) return null;
  const { allowedOrigins } = options;
  if (allowedOrigins === undefined || allowedOrigins === null) return { allowedOrigins: null };
  const list: unknown[] = Array.isArray(allowedOrigins) ? allowedOrigins : [];
  return { allowedOrigins: list.filter((origin) => typeof origin === "string") };
}

function parseSelectorLimits(given: Record<string, unknown>): SelectorLimits {
  const { timeoutMs, maxNumberOfTries, threshold } = DEFAULT_SELECTOR_LIMITS;
  return {
    timeoutMs: between(given["timeoutMs"], 1, MAX_SELECTOR_MS, timeoutMs),
    // More would take more memory and time than a click may.
    maxNumberOfTries: between(given["maxNumberOfTries"], 1, maxNumberOfTries, maxNumberOfTries),
    threshold: between(given["threshold"], 1, threshold, threshold),
  };
}

/** A number above 0, brought into these bounds; anything else: the default. */
const between = (given: unknown, min: number, max: number, fallback: number) =>
  typeof given === "number" && given > 0 ? Math.min(max, Math.max(min, given)) : fallback;
