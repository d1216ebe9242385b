import { LEET, LOOKALIKES } from './lookalikes.js';

/**
 * How a character counts for the borders of words. `letter`: of a script that puts spaces between words. `unspaced`: of one that does not (Chinese, Japanese, Thai
 * …), or that hangs endings on words (Korean), where a term may begin and end anywhere. `symbol`: neither; it stays. `gap`: spaces and punctuation.
 */
export type CharacterKind = 'letter' | 'digit' | 'unspaced' | 'symbol' | 'gap';

/** One character of normalised text. */
export interface CharacterFacts {
  kind: CharacterKind;
  /** In lower case, as it was written. */
  base: string;
  /** Without marks, and look-alikes of other scripts as the letter that they look like; empty: it is not seen at all. */
  folded: string;
  /** The letter that it may stand for inside a word; absent: none. */
  leet?: string;
  isUpper: boolean;
}

const IGNORABLE = /^\p{Default_Ignorable_Code_Point}$/u;
const UNSPACED =
  /^[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]$/u;
const WORD = /^[\p{L}\p{M}\p{N}]$/u;
const LETTER = /^[\p{L}\p{M}]$/u;
const SYMBOL = /^\p{S}$/u;
/**
 * Marks that writers may leave out or add without changing the word: accents of Latin, Greek and Cyrillic, points of Hebrew, vowel signs and tatweel of Arabic. The
 * vowels of Thai and Indian scripts and the voicing of Japanese are letters' worth, and stay.
 */
const OPTIONAL_MARKS =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0591-\u05c7\u064b-\u065f\u0670\u0640]/gu;

const known = new Map<string, CharacterFacts>();

/** What is known of one character (code point) of text in normal form NFKC. */
export function characterFacts(character: string): CharacterFacts {
  const cached = known.get(character);
  if (cached !== undefined) return cached;
  const facts = look(character);
  known.set(character, facts);
  return facts;
}

function look(character: string): CharacterFacts {
  // Through upper case, so that ß and ſ come to the same as ss and s.
  const base = character.toUpperCase().toLowerCase();
  const kind = kindOf(character);
  const isUpper = character !== character.toLowerCase();
  if (IGNORABLE.test(character)) return { kind: 'gap', base, folded: '', isUpper };
  const leet = LEET.get(character);
  if (kind === 'unspaced' || kind === 'gap')
    return { kind, base, folded: kind === 'gap' ? ' ' : base, isUpper, ...(leet !== undefined && { leet }) };
  const bare = base.normalize('NFD').replace(OPTIONAL_MARKS, '').normalize('NFC');
  const folded = Array.from(bare)
    .map((letter) => LOOKALIKES.get(letter) ?? letter)
    .join('');
  return { kind, base, folded, isUpper, ...(leet !== undefined && { leet }) };
}

function kindOf(character: string): CharacterKind {
  if (UNSPACED.test(character) && WORD.test(character)) return 'unspaced';
  if (LETTER.test(character)) return 'letter';
  if (WORD.test(character)) return 'digit';
  return SYMBOL.test(character) ? 'symbol' : 'gap';
}
