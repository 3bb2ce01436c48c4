// Writes SR_CASES (100,000) random cases, one JSON a line: a flag, a context, and what the SDK makes of them. SR_SEED repeats a run;
// SR_SHORT=1 takes short cases alone, as those of tests/fixtures/targeting are (SR_SEED=18 SR_CASES=1911 SR_SHORT=1).
//
//   node cases.mjs FILE

import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';

import { decide, decideBySdk, seen } from './oracle.mjs';
import { Random } from './random.mjs';
import { OPERATORS, makeCase } from './rules.mjs';

const file = process.argv[2];
assert.ok(file, 'Name the file: node cases.mjs FILE');
const seed = Number(process.env.SR_SEED ?? Math.floor(Math.random() * 2 ** 32));
const count = Number(process.env.SR_CASES ?? 100_000);
console.log(`SR_SEED=${seed} SR_CASES=${count}`);

const random = new Random(seed);
const outcomes = new Map();
const output = openSync(file, 'w');
for (let number = 0; number < count; number += 1) {
  let { flag, context } = makeCase(random);
  while (process.env.SR_SHORT && flag.length + context.length > 700) ({ flag, context } = makeCase(random));
  const [parsedFlag, parsedContext] = [JSON.parse(flag), JSON.parse(context)];
  const expected = decide(parsedFlag, parsedContext);
  const outcome = expected.variant ?? (expected.segment === null ? 'none' : 'odd');
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  writeSync(output, `${JSON.stringify({ flag, context, ...expected })}\n`);
  // The SDK's own function and context, for some: with it the databases of a browser are tried and missed each time.
  if (number % 20 === 0) await asTheSdk(parsedFlag, parsedContext, flag);
}
closeSync(output);
console.log(Object.fromEntries(outcomes));
for (const operator of count < 10_000 ? [] : OPERATORS) {
  for (const holds of [true, false]) {
    assert.ok((seen.get(`${operator} ${holds}`) ?? 0) >= 20, `${operator} is ${holds} in too few cases: widen the generator`);
  }
}

/** A case of what the SDK itself decides with the same properties. */
async function asTheSdk(parsedFlag, parsed, flag) {
  const event = parsed.event && typeof parsed.event === 'object' ? { ...parsed.event, time: undefined } : undefined;
  const sessionId = ['number', 'string'].includes(typeof parsed.session_id) ? parsed.session_id : undefined;
  const given = { sessionId, userProperties: parsed.user?.user_properties, event, page: parsed.page };
  const { isMatch, context } = await decideBySdk(parsedFlag, given);
  // As JSON that is read as it was: a number too large for JSON.stringify, too. A prototype that somebody set can't be written.
  const isTooLarge = (value) => value === Infinity || value === -Infinity;
  const written = JSON.stringify(context, (_, value) => (isTooLarge(value) ? `@${value}` : value))
    .replace(/"@(-?)Infinity"/g, (_, sign) => `${sign}1e999`);
  if (written.includes('__proto__') || JSON.stringify(given).includes('__proto__')) return;
  const expected = decide(parsedFlag, JSON.parse(written));
  assert.equal(expected.isMatch, isMatch, `the SDK decides otherwise: ${flag} ${written}`);
  writeSync(output, `${JSON.stringify({ flag, context: written, ...expected })}\n`);
}
