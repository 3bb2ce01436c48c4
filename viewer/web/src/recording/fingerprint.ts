// Tells texts apart without keeping them: a session of 100 MB would be kept twice.

/** 53 bits of a text: two of 200,000 texts that differ share them in one of 400,000 sessions. */
export function fingerprint(text: string): number {
  let [one, other] = [0xdeadbeef ^ text.length, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2654435761);
    other = Math.imul(other ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return 4294967296 * (2097151 & other) + (one >>> 0);
}
