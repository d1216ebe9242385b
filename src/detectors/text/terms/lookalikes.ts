/** Pairs of one string: the characters at even places, each followed by the one that it becomes. */
function pairs(written: string): Map<string, string> {
  const characters = Array.from(written.replaceAll(' ', ''));
  return new Map(characters.flatMap((from, index) => (index % 2 === 0 ? [[from, characters[index + 1] ?? from]] : [])));
}

/**
 * Letters of other scripts, in lower case, that look like a Latin one in lower or upper case; a part of `confusables.txt` of Unicode Technical Standard 39: what
 * fonts in videos show alike. The same is done to terms, so that a term in Cyrillic is found as it is written, too.
 */
export const LOOKALIKES: ReadonlyMap<string, string> = pairs(
  // Cyrillic
  'аa вb еe ёe ѕs іi јj кk мm нh оo рp сc тt уy хx һh ԁd ԛq ԝw ьb ӏl ғf қk ңh ҳx үy' +
    // Greek; final sigma is a sigma.
    'αa βb γy εe ζz ηn ιi κk μu νv οo ρp ςσ τt υu χx ωw ϲc' +
    // Armenian, Latin of phonetics, strokes that NFD leaves on
    'օo սu հh ցg աw ɑa ɡg ıi ɪi ʟl ɴn ʀr ʏy ƅb øo łl đd ħh ŧt',
);

/**
 * What digits and signs stand for inside words that have letters, too. Those that may be two letters are read both ways: see `OTHER_READING`. Left out, because
 * what they stand for is not agreed on: 2, 6, 9, *.
 */
export const LEET: ReadonlyMap<string, string> = pairs('0o 1i 3e 4a 5s 7t 8b @a $s €e !i |i £l ¢c');

/** The second reading of signs that stand for two letters. */
export const OTHER_READING: ReadonlyMap<string, string> = pairs('1l !l |l');

/** Prefixes that are written together with the word in Arabic and Hebrew: the article, and, in, to, from, as, that. */
export const PROCLITICS: ReadonlySet<string> = new Set('الوبفكلهבהוכלמש');

/** Scripts written from right to left, of which a reader may give the letters in the order of the eye. */
export const RIGHT_TO_LEFT = /[\p{sc=Hebr}\p{sc=Arab}]/u;
