// Random contexts, and rules about them: valid ones, so that they decide something, and some that are wrong in one place or another.

import { pattern } from './patterns.mjs';
import { NAMES, VERSIONS, array, number, quoted, text, value } from './values.mjs';

export const OPERATORS = [
  'is', 'is not', 'contains', 'does not contain', 'less', 'less or equal', 'greater', 'greater or equal', 'version less', 'version less or equal',
  'version greater', 'version greater or equal', 'set is', 'set is not', 'set contains', 'set does not contain', 'set contains any',
  'set does not contain any', 'regex match', 'regex does not match',
];

/** JSON of a flag and of a context. */
export function makeCase(random) {
  const maker = new Maker(random, random.chance(0.25) ? random.pick([0.01, 0.05, 0.2]) : 0);
  const context = maker.context();
  return { context, flag: maker.flag() };
}

class Maker {
  #random;
  /** The share of parts that are something else. */
  #odd;
  /** Paths in the context, and texts there, so that rules find something. */
  #paths = [];
  #texts = [];

  constructor(random, odd) {
    this.#random = random;
    this.#odd = odd;
  }

  /** The part, or sometimes something else in its place. */
  #part(make) {
    return this.#random.chance(this.#odd) ? value(this.#random) : make();
  }

  context() {
    const random = this.#random;
    const parts = [];
    const add = (name, share, make) => random.chance(share) && parts.push(`"${name}":${this.#part(make)}`);
    add('session_id', 0.8, () => (random.chance(0.8) ? String(1732300000000 + random.below(100000)) : number(random)));
    add('event', 0.6, () => `{"event_type":${this.#known('event,event_type')},"event_properties":${this.#properties('event,event_properties')},"time":${number(random)}}`);
    add('event_types', 0.4, () => `[${random.list(0, 3, () => this.#known('event_types')).join(',')}]`);
    add('user', 0.9, () => this.#user());
    add('page', 0.7, () => `{"url":${this.#known('page,url', () => random.pick(['https://example.com/cart', 'https://example.com/', text(random)]))}}`);
    return `{${parts.join(',')}}`;
  }

  #user() {
    const random = this.#random;
    const properties = this.#properties('user', 'user,user_properties');
    const device = random.chance(0.9) ? `"device_id":${quoted(random, `device-${random.below(1000)}`)},` : '';
    const spread = properties.slice(1, -1);
    return `{${spread}${spread && ','}${device}"user_properties":${properties}}`;
  }

  /** An object of properties, known below these paths. */
  #properties(...paths) {
    const random = this.#random;
    const members = random.list(0, 4, () => {
      const name = random.pick(NAMES);
      const written = random.chance(0.6) ? this.#noted(name === 'version' ? random.pick(VERSIONS) : text(random)) : value(random, 1);
      paths.forEach((path) => this.#paths.push([...path.split(','), name]));
      return `${JSON.stringify(name)}:${written}`;
    });
    return `{${members.join(',')}}`;
  }

  #known(path, make = () => text(this.#random)) {
    this.#paths.push(path.split(','));
    return this.#noted(make());
  }

  #noted(known) {
    this.#texts.push(known);
    return quoted(this.#random, known);
  }

  flag() {
    const random = this.#random;
    const key = this.#part(() => '"sr_targeting_config"');
    if (random.chance(0.5)) return this.#question(key);
    const segments = this.#part(() => `[${random.list(1, random.chance(0.2) ? 4 : 2, () => this.#segment()).join(',')}]`);
    const variants = this.#part(() => `{"on":${this.#part(() => '{"key":"on"}')},"off":{"key":"off","metadata":{"default":true}}${random.pick(['', ',"1":{"key":"one"}', ',"null":"x"', ',"x":null'])}}`);
    return this.#part(() => `{"key":${key},"variants":${variants},"segments":${segments}}`);
  }

  /** A flag that answers what one condition is: on or off. */
  #question(key) {
    const bucket = this.#random.chance(0.1) ? `,"bucket":${this.#bucket()}` : '';
    return `{"key":${key},"variants":{"on":{"key":"on"},"off":{"key":"off"}},"segments":[{"conditions":[[${this.#condition()}]],"variant":"on"${bucket}},{"variant":"off"}]}`;
  }

  #segment() {
    const random = this.#random;
    const parts = [];
    if (random.chance(0.8)) parts.push(`"conditions":${this.#part(() => `[${random.list(0, 3, () => this.#conditions()).join(',')}]`)}`);
    if (random.chance(0.3)) parts.push(`"bucket":${this.#part(() => this.#bucket())}`);
    if (random.chance(0.8)) parts.push(`"variant":${this.#variant()}`);
    if (random.chance(0.3)) parts.push(`"metadata":${this.#part(() => `{"segmentName":${this.#part(() => quoted(random, text(random)))}}`)}`);
    return this.#part(() => `{${parts.join(',')}}`);
  }

  #variant() {
    return this.#part(() => this.#random.pick(['"on"', '"on"', '"on"', '"off"', '"x"', '"none"', 'null', '1', '"constructor"']));
  }

  #conditions() {
    return this.#part(() => `[${this.#random.list(0, 2, () => this.#condition()).join(',')}]`);
  }

  #condition() {
    const random = this.#random;
    const operator = random.pick(OPERATORS);
    const op = this.#part(() => (random.chance(0.02) ? '"glob match"' : `"${operator}"`));
    const values = this.#part(() => `[${random.list(0, 3, () => this.#part(() => this.#value(operator))).join(',')}]`);
    return this.#part(() => `{"selector":${this.#selector()},"op":${op},"values":${values}}`);
  }

  #value(operator) {
    const random = this.#random;
    if (operator.startsWith('regex') && random.chance(0.8)) return quoted(random, pattern(random));
    if (operator.startsWith('version') && random.chance(0.5)) return quoted(random, random.pick(VERSIONS));
    if (random.chance(0.4) && this.#texts.length > 0) {
      const known = random.pick(this.#texts);
      return quoted(random, random.pick([known, known.slice(0, 3), known.toUpperCase(), `${known}a`]));
    }
    return quoted(random, random.chance(0.1) ? '(none)' : text(random));
  }

  #selector() {
    const random = this.#random;
    return this.#part(() => {
      if (random.chance(0.8) && this.#paths.length > 0) return JSON.stringify(['context', ...random.pick(this.#paths)]);
      if (random.chance(0.2)) return JSON.stringify(random.pick([['context', 'session_id'], ['context'], ['result'], ['result', 'x'], [], ['context', 'user', 'device_id']]));
      if (random.chance(0.2)) return array(random, () => random.pick(['"context"', '"user"', '"tags"', '0', '"0"', '1', 'null', '["tags"]', '"length"', '"map"', '"__proto__"']));
      return JSON.stringify(['context', random.pick(['user', 'event', 'page', 'event_types']), random.pick(NAMES), ...random.list(0, 1, () => random.pick(NAMES))]);
    });
  }

  #bucket() {
    const random = this.#random;
    const selector = random.chance(0.6) ? '["context","user","device_id"]' : random.chance(0.5) ? '["context","session_id"]' : this.#selector();
    const salt = this.#part(() => quoted(random, random.pick(['Tq5K', 'salt', '', 'é', text(random)])));
    return `{"selector":${selector},"salt":${salt},"allocations":${this.#part(() => `[${random.list(0, 3, () => this.#allocation()).join(',')}]`)}}`;
  }

  #allocation() {
    const random = this.#random;
    const edges = (most) => this.#part(() => {
      const ends = [0, most, random.below(most), random.below(most), random.below(most) + 0.5, 1];
      return `[${this.#part(() => String(random.pick([0, ...ends])))},${this.#part(() => String(random.pick([most, ...ends])))}]`;
    });
    const distributions = this.#part(() => `[${random.list(0, 2, () => `{"variant":${this.#variant()},"range":${edges(42949673)}}`).join(',')}]`);
    return this.#part(() => `{"range":${edges(100)},"distributions":${distributions}}`);
  }
}
