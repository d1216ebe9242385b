import { characterFacts, type CharacterFacts, type CharacterKind } from './characters.js';
import { OTHER_READING } from './lookalikes.js';

/**
 * Text as terms are looked for in it: one entry for each letter, digit or sign, repeated letters as one, and one space for everything between words. All arrays have
 * the same length.
 */
export interface View {
  /** UTF-16 code units of what each entry is folded to. */
  units: number[];
  /** Each as it was written, in lower case. */
  bases: string[];
  /** How often it is repeated, 1 or more. */
  runs: number[];
  /** Kind of its first and of its last character as written. */
  firstKinds: CharacterKind[];
  lastKinds: CharacterKind[];
  /** Separators left out before it, 0 where there are none. */
  gaps: number[];
  /** Separators left out between its repetitions. */
  innerGaps: number[];
  /** Where in the text it begins, and one past where it ends. */
  starts: number[];
  ends: number[];
}

const SPACE = 0x20;
/** What may stand between the letters of one word to hide it. No commas and full stops of Chinese: two words meet there. */
const SEPARATORS = new Set(' \n.·•-_*~/|\\‧・');
/** Single letters in a row that are a word spelled out; fewer are initials. */
const SPELLED = 3;
const MOST_SEPARATORS = 3;

interface Character {
  at: number;
  end: number;
  facts: CharacterFacts;
  text: string;
  /** Separators left out before it. */
  gap: number;
}

/**
 * The ways in which text in normal form NFKC may be read: as it stands; with the separators left out of words that are spelled out (`f r e e`, `赌 博`); and each with
 * the other letter for signs that may be two (`k1ll`, `i11`). All but the first only where they differ.
 */
export function viewsOf(text: string): View[] {
  const characters = charactersOf(text);
  const joined = withoutSeparators(characters);
  return [...readings(characters), ...(joined === null ? [] : readings(joined))];
}

/** The first of these ways alone. */
export function plainView(text: string): View {
  const characters = charactersOf(text);
  return viewOf(characters, leetPlaces(characters), false);
}

function readings(characters: readonly Character[]): View[] {
  const isLeet = leetPlaces(characters);
  const isTwofold = characters.some((_, index) => isOtherwiseRead(characters, index, isLeet));
  const plain = viewOf(characters, isLeet, false);
  return isTwofold ? [plain, viewOf(characters, isLeet, true)] : [plain];
}

function charactersOf(text: string): Character[] {
  const characters: Character[] = [];
  let at = 0;
  for (const character of text) {
    const facts = characterFacts(character);
    const end = at + character.length;
    if (facts.folded !== '') characters.push({ at, end, facts, text: character, gap: 0 });
    at = end;
  }
  return characters;
}

/** Which characters stand for a letter: digits and signs of words that have one, signs only where the word goes on behind them. */
function leetPlaces(characters: readonly Character[]): boolean[] {
  const places = characters.map(() => false);
  const isPart = (index: number): boolean => {
    const facts = characters[index]?.facts;
    return facts !== undefined && (facts.kind === 'letter' || facts.kind === 'digit' || facts.leet !== undefined);
  };
  for (let from = 0; from < characters.length; from++) {
    if (!isPart(from)) continue;
    let to = from + 1;
    while (isPart(to)) to++;
    if (characters.slice(from, to).some(({ facts }) => facts.kind === 'letter')) {
      for (let index = from; index < to; index++) {
        const facts = characters[index]?.facts;
        const isExclamation = characters[index]?.text === '!' || characters[index]?.text === '|';
        places[index] = facts?.leet !== undefined && !(isExclamation && (index === from || index === to - 1));
      }
    }
    from = to;
  }
  return places;
}

/** The characters without separators between letters that belong together; `null`: there are none. */
function withoutSeparators(characters: readonly Character[]): Character[] | null {
  const joined = joinedPlaces(characters);
  if (!joined.includes(true)) return null;
  const kept: Character[] = [];
  let gap = 0;
  characters.forEach((character, index) => {
    if (joined[index] === true) gap++;
    else {
      kept.push({ ...character, gap });
      gap = 0;
    }
  });
  return kept;
}

function joinedPlaces(characters: readonly Character[]): boolean[] {
  const joined = characters.map(() => false);
  const isSeparator = (index: number): boolean => SEPARATORS.has(characters[index]?.text ?? '');
  const isWord = (index: number): boolean => {
    const facts = characters[index]?.facts;
    return facts !== undefined && !isSeparator(index) && (facts.kind !== 'gap' || facts.leet !== undefined);
  };
  const isSingle = (index: number): boolean => isWord(index) && !isWord(index - 1) && !isWord(index + 1);
  let spelled: [from: number, to: number][] = [];
  const close = (): void => {
    if (spelled.length >= SPELLED - 1) for (const [from, to] of spelled) joined.fill(true, from, to);
    spelled = [];
  };
  for (let from = 1; from < characters.length; from++) {
    if (!isSeparator(from) || isSeparator(from - 1)) continue;
    let to = from + 1;
    while (isSeparator(to)) to++;
    const [before, after] = [characters[from - 1]?.facts.kind, characters[to]?.facts.kind];
    const isShort = to - from <= MOST_SEPARATORS && isWord(from - 1) && isWord(to);
    if (isShort && before === 'unspaced' && after === 'unspaced') joined.fill(true, from, to);
    if (isShort && isSingle(from - 1) && isSingle(to)) spelled.push([from, to]);
    else close();
    from = to;
  }
  close();
  return joined;
}

function isOtherwiseRead(characters: readonly Character[], index: number, isLeet: readonly boolean[]): boolean {
  const sign = characters[index]?.text ?? '';
  if (OTHER_READING.has(sign)) return isLeet[index] === true;
  const before = characters[index - 1]?.facts;
  // A capital I behind a small letter is read for an l as often as not, and the other way round.
  if (sign === 'I') return before?.kind === 'letter' && !before.isUpper;
  return sign === 'l' && characters[index + 1]?.facts.isUpper === true;
}

function viewOf(characters: readonly Character[], isLeet: readonly boolean[], otherwise: boolean): View {
  const view = emptyView();
  characters.forEach((character, index) => {
    const { facts, text } = character;
    const leet = isLeet[index] === true ? facts.leet : undefined;
    const other = otherwise && isOtherwiseRead(characters, index, isLeet) ? otherLetter(text) : undefined;
    append(view, character, other ?? leet ?? facts.folded);
  });
  return view;
}

const otherLetter = (sign: string): string => OTHER_READING.get(sign) ?? (sign === 'I' ? 'l' : 'i');

function emptyView(): View {
  return {
    units: [],
    bases: [],
    runs: [],
    firstKinds: [],
    lastKinds: [],
    gaps: [],
    innerGaps: [],
    starts: [],
    ends: [],
  };
}

function append(view: View, { at, end, facts, gap }: Character, folded: string): void {
  const { base, kind } = facts;
  for (let index = 0; index < folded.length; index++) {
    const unit = folded.charCodeAt(index);
    const last = view.units.length - 1;
    const isWordLetter = kind === 'letter' || folded !== facts.folded;
    if (unit === view.units[last] && (unit === SPACE || isWordLetter) && view.firstKinds[last] !== 'unspaced') {
      view.runs[last] = (view.runs[last] ?? 1) + 1;
      view.innerGaps[last] = (view.innerGaps[last] ?? 0) + gap;
      view.lastKinds[last] = kind;
      view.ends[last] = end;
      continue;
    }
    view.units.push(unit);
    view.bases.push(base.length === folded.length ? (base[index] ?? '') : base);
    view.runs.push(1);
    view.firstKinds.push(kind);
    view.lastKinds.push(kind);
    view.gaps.push(index === 0 ? gap : 0);
    view.innerGaps.push(0);
    view.starts.push(at);
    view.ends.push(end);
  }
}
