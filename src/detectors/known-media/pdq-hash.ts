const { imul } = Math;

/** Words of a PDQ hash. */
export const HASH_WORDS = 8;
/** Hexadecimal digits of a PDQ hash. */
const HASH_DIGITS = 64;

/** The hash as 64 hexadecimal digits, as every tool writes it: the first are the highest bits of word 0. */
export function hashText(hash: Uint32Array): string {
  return Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** Eight words of 64 hexadecimal digits. @throws {TypeError} for anything else */
export function hashOfText(text: string): Uint32Array {
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new TypeError(`Expected a PDQ hash of ${HASH_DIGITS} hexadecimal digits, received ${text}.`);
  return Uint32Array.from({ length: HASH_WORDS }, (_, word) => parseInt(text.slice(word * 8, word * 8 + 8), 16));
}

/**
 * Nearly the hash of the picture as a mirror shows it (6 of 256 bits off as a median, 18 at most on samples/), for when only the hash is at hand: cosines of
 * odd frequencies change their sign, and with it most bits that stand for them.
 */
export function nearlyMirrored(hash: Uint32Array): Uint32Array {
  return hash.map((word) => word ^ 0x55555555);
}

/** Bits in which two hashes differ, 0–256; each hash begins at its offset, in words. */
export function distanceOf(a: Uint32Array, b: Uint32Array, offsetA = 0, offsetB = 0): number {
  let distance = 0;
  for (let word = 0; word < HASH_WORDS; word++) {
    let bits = (a[offsetA + word] ?? 0) ^ (b[offsetB + word] ?? 0);
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    distance += imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return distance;
}
