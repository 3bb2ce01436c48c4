// tests/fixtures/targeting/situations.json is what the browser SDK does with configurations that are wrong in some way. The
// library's own tests hold it to the same file.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { decideBySdk } from './oracle.mjs';

const file = new URL('../fixtures/targeting/situations.json', import.meta.url);

for (const { situation, config, context, decision } of JSON.parse(readFileSync(file, 'utf8'))) {
  test(`${situation}: ${decision}`, async () => {
    const targeting = JSON.parse(config);
    // As its joined-config.js takes a configuration, or does not.
    if (!targeting || Object.keys(targeting).length === 0) return assert.equal(decision, 'sampled');
    const { isMatch } = await decideBySdk(targeting, { sessionId: 5, userProperties: JSON.parse(context).user });
    assert.equal(isMatch ? 'captured' : 'not captured', decision);
  });
}
