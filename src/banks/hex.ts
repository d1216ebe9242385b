/** Hexadecimal digits of words, the highest bits of word 0 first. */
export function hexOf(words: Uint32Array): string {
  let digits = '';
  for (const word of words) digits += word.toString(16).padStart(8, '0');
  return digits;
}

/** Value of each sign that is a hexadecimal digit; of every other one 16. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 16 : value;
});

/** Reads 8 digits a word into `words`; `false`: the text has another length or other signs. */
export function readHex(text: string, words: Uint32Array): boolean {
  if (text.length !== words.length * 8) return false;
  let wrong = 0;
  for (let word = 0, at = 0; word < words.length; word++) {
    let value = 0;
    for (const end = at + 8; at < end; at++) {
      const digit = VALUES[text.charCodeAt(at)] ?? 16;
      wrong |= digit & 16;
      value = (value << 4) | digit;
    }
    words[word] = value >>> 0;
  }
  return wrong === 0;
}

/** The words of hexadecimal digits, or `null` when it is not `count` words of them. */
export function wordsOfHex(text: string, count: number): Uint32Array | null {
  const words = new Uint32Array(count);
  return readHex(text, words) ? words : null;
}
