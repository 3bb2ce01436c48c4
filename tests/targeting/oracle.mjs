// What Amplitude's browser SDK decides: its own function, and the engine that this calls, which is the one that it pins.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const targeting = require.resolve('@amplitude/targeting');
const { EvaluationEngine } = createRequire(targeting)('@amplitude/experiment-core');
const { evaluateTargetingAndStore } = require('@amplitude/session-replay-browser/lib/cjs/targeting/targeting-manager');

/** How often each operator held, and did not. */
export const seen = new Map();

/** Counts segments and operators; decides nothing. */
class WatchedEngine extends EvaluationEngine {
  segments = 0;

  evaluateSegment(...of) {
    this.segments += 1;
    return super.evaluateSegment(...of);
  }

  matchCondition(target, condition) {
    const holds = super.matchCondition(target, condition);
    const name = typeof condition.op === 'string' && `${condition.op} ${holds}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return holds;
  }
}

/** What the SDK makes of the engine's result, which may be an exception. */
export function decide(flag, context) {
  const engine = new WatchedEngine();
  try {
    const results = engine.evaluate(context, [flag]);
    const result = Object.values(results)[0];
    const decided = results.sr_targeting_config;
    return {
      isMatch: decided ? decided.key === 'on' : true,
      // As Rust can hold them: without half a surrogate pair.
      variant: typeof result?.key === 'string' ? result.key.toWellFormed() : null,
      segment: result ? segmentName(flag, engine.segments) : null,
    };
  } catch {
    return { isMatch: true, variant: null, segment: null };
  }
}

function segmentName(flag, number) {
  const name = flag.segments[number - 1]?.metadata?.segmentName;
  return typeof name === 'string' ? name.toWellFormed() : `segment ${number}`;
}

/** What the SDK itself decides, and the context that it built for that. */
export async function decideBySdk(flag, { sessionId, userProperties, event, page }) {
  let context;
  const { evaluate } = EvaluationEngine.prototype;
  EvaluationEngine.prototype.evaluate = function (given, flags) {
    context = given;
    return evaluate.call(this, given, flags);
  };
  try {
    const isMatch = await evaluateTargetingAndStore({
      sessionId,
      targetingConfig: flag,
      apiKey: 'targeting-tests',
      loggerProvider: { debug() {}, log() {}, warn() {}, error() {} },
      targetingParams: { userProperties, event, page },
    });
    return { isMatch, context };
  } finally {
    EvaluationEngine.prototype.evaluate = evaluate;
  }
}
