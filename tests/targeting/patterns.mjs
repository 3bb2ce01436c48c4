// Regular expressions: most of them valid, of all that JavaScript has without flags, and short enough for its exponential time.

const ATOMS = [
  'a', 'b', 'A', '1', '.', 'é', '😀', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\.', '\\/', '\\-', '\\x61', '\\u0061', '\\u{2}', '\\x6', '\\u61', '\\cA',
  '\\c', '\\c1', '\\0', '\\01', '\\7', '\\8', '\\1', '\\2', '\\12', '\\k', '\\k<n>', '\\e', '\\p{L}', ']', '{', '}', '{,1}', 'a{1', '\\ud83d', '\\t', '\\n', '\\ ',
  '[ab]', '[^a]', '[a-c]', '[]', '[^]', '[\\d-x]', '[a-\\d]', '[-a]', '[a-]', '[\\b]', '[\\w.]', '[^\\s]', '[\\c1]', '[\\c]', '[\\1]', '[\\8]', '[\\]]', '[😀]',
  '[\\k]', '[a-a]', '[\\x61-\\u0063]', '[\\-a]', '[.$^]', '[\\B]', 'https?:', 'example', 'cart', '-',
];
const ASSERTIONS = ['^', '$', '\\b', '\\B', '(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(?=(a|b))', '(?<=(a)\\1?)', '(?<=\\1(b))', '(?=.*1)', '(?=a)?', '(?!b)*'];
const QUANTIFIERS = ['*', '+', '?', '{0}', '{1}', '{2}', '{0,1}', '{1,2}', '{2,}', '{0,}', '*?', '+?', '??', '{1,2}?', '{0,}?'];
const WRONG = ['(', ')', '[', '*', '+', '?', '\\', '{1}', '{2,1}', 'a{2,1}', '(?', '(?a)', '(?<a', '[b-a]', '(?<=a)*', '^*', '\\b+', 'a**', '(?<1>a)', '(?<n>a)', '(?i:a)', '(?<\\u0061>b)\\k<a>', '(?<\\u{61}>b)\\k<\\u0061>', '(?<\\x61>b)'];
const WHOLE = ['', '^$', '^https?://(www\\.)?example\\.com/', '/cart(\\?|$)', '^(?!.*cart).*$', '^(?:(a)|b)*\\1$', '(a)|b\\1', '^(a*?)(a*)$', '(?:a?)*?b', '^[\\w.+-]+@', '^true$', '^\\d+(\\.\\d+)*$', '^..$', '^.$'];

export function pattern(random, depth = 0) {
  if (depth === 0 && random.chance(0.15)) return random.pick(WHOLE);
  const choices = random.list(1, random.chance(0.2) ? 3 : 1, () => random.list(0, 3, () => term(random, depth)).join(''));
  return choices.join('|');
}

function term(random, depth) {
  if (random.chance(0.02)) return random.pick(WRONG);
  if (random.chance(0.15)) return random.pick(ASSERTIONS);
  const atom = depth < 3 && random.chance(0.25) ? group(random, depth) : random.pick(ATOMS);
  return random.chance(0.3) ? atom + random.pick(QUANTIFIERS) : atom;
}

function group(random, depth) {
  const opening = random.pick(['(', '(', '(?:', '(?:', '(?=', '(?!', '(?<=', '(?<!', '(?<n>', `(?<m${random.below(9)}>`]);
  return `${opening}${pattern(random, depth + 1)})`;
}
