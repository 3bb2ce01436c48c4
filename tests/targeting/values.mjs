// Values that JavaScript makes something odd of, each as JSON: a text can hold what no value can (a number too large, a name twice).

import { pattern } from './patterns.mjs';

const TEXTS = [
  '', 'a', 'A', 'b', 'ab', 'aB', 'true', 'TRUE', 'False', 'false', '(none)', 'none', 'Buy', 'buy', '[Amplitude] Page Viewed',
  'İ', 'i̇', 'ß', 'ẞ', 'SS', 'ΑΣ', 'ας', 'ΑΣΑ', 'é', 'e\u0301', 'Ǆ', 'ﬀ', 'K', '😀', '😀a', '\ud83d', '\ude00', 'a\ud83d', '\uffff', '퟿',
  '0', '1', '01', '1.0', '1.5', '5', '10', '9', '1e3', '1e999', '-0', '+1', '.5', '5.', '0x10', '0b11', '0o7', '0xZ', ' 5 ', '\u20285\ufeff', '\t',
  'NaN', 'Infinity', '-Infinity', '1_000', '0.30000000000000004', '1e+21', '1e21', '100000000000000000000', '9007199254740993',
  '1.2', '1.2.3', '1.10.0', '1.9.9', '01.2.03', '1.2.3-', '1.2.3-beta', '1.2.3-beta.1', '1.2.3-beta..1', '1.2.3-rc.', '1.2.3--_',
  '1.2.3.4', 'v1.2', '1.2-a', '99999999999999999999.1', '1.2.3-é', '1.2.3 ',
  '["a","b"]', '["a"]', '[]', '[1,true]', '{}', '{"a":1}', 'null', 'undefined', '[object Object]', 'a,b', '1,2', '{"a":[1,"b"]}',
  'https://example.com/', 'https://example.com/cart?id=1#x', 'https://EXAMPLE.com/cart', '/cart', 'example.com',
  'quote " and \\ and \n\u0001\u001f\u007f', '\u0000', 'constructor', 'function toString() { [native code] }',
];
export const VERSIONS = ['1.2', '1.2.0', '1.2.3', '1.2.3-', '1.2.3-beta', '1.2.3-beta.2', '1.2.3-rc.1', '1.10', '1.9.9', '2.0.0-x', '2.0', '02.0'];
const NUMBERS = [
  '0', '-0', '1', '-1', '1.5', '5', '10', '100', '0.30000000000000004', '0.1', '1e21', '1E20', '123456789012345680000', '1e-7', '0.000001',
  '9007199254740993', '1e400', '-1e400', '5e-324', '1732300000000', '1.0', '12e1', '4294967295', '1.7976931348623157e308',
];
export const NAMES = [
  'plan', 'age', 'tags', 'version', 'active', 'b', '1', '01', '10', 'é', 'İ', '\ud83d', 'length', 'constructor', 'toString', 'valueOf', '__proto__',
  'device_id', 'user_properties', 'a b', '',
];

/** A text as JSON, its characters escaped in one of the ways that mean the same. */
export function quoted(random, text) {
  const plain = JSON.stringify(text);
  return random.chance(0.1) ? plain.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : plain;
}

export function text(random) {
  if (random.chance(0.1)) return random.list(0, 4, () => random.pick('aAbİσΣ1.-\ud83d\ude00,"')).join('');
  if (random.chance(0.03)) return pattern(random);
  return random.pick(TEXTS);
}

export function number(random) {
  if (random.chance(0.2)) return String(random.below(12));
  if (random.chance(0.1)) return String((random.next() - 0.5) * 10 ** (random.below(60) - 30));
  return random.pick(NUMBERS);
}

/** Any value as JSON. */
export function value(random, depth = 0) {
  const kind = random.below(depth > 2 ? 10 : 14);
  if (kind < 5) return quoted(random, text(random));
  if (kind < 8) return number(random);
  if (kind < 10) return random.pick(['true', 'false', 'null', 'true']);
  if (kind < 12) return array(random, () => value(random, depth + 1));
  return object(random, () => value(random, depth + 1));
}

export function array(random, make) {
  return `[${random.list(0, 3, make).join(random.pick([',', ', ']))}]`;
}

/** Some have what the engine's loops take for an array: elements below a length. */
function object(random, make) {
  if (random.chance(0.2)) return `{"length":${random.pick(['0', '1', '2', '-1', '-0', '0.5', '"1"', number(random)])},"0":${make()},"1":${make()}}`;
  const members = random.list(0, 4, () => `${quoted(random, random.pick(NAMES))}:${make()}`);
  return `{${members.join(',')}}`;
}
