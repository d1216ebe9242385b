import { buildAutomaton } from './automaton.js';
import { PROCLITICS, RIGHT_TO_LEFT } from './lookalikes.js';
import { plainView, viewsOf, type View } from './view.js';

/** Where a term was found. */
export interface TermHit {
  /** Index of the term among those given. */
  term: number;
  /** Position in the text, in UTF-16 code units; `end` is one past. */
  start: number;
  end: number;
  /** Letters that were written otherwise, repeated, or kept apart, of equal neighbours one; 0: as the term. */
  distance: number;
}

/** Looks for words in text that is in normal form NFKC. */
export interface WordMatcher {
  /** The closest hit of each term, in the order of the terms. */
  find(text: string): TermHit[];
}

/** A term as it is looked for. */
interface Pattern {
  term: number;
  view: View;
  /** Spaces of the term that are left out in it. */
  spacesLeftOut: number;
}

/** Written without its spaces a term must be this long, in letters: in a shorter run of letters it is there by chance. */
const MIN_JOINED = 6;
/** Inside letters that are spelled out one by one nothing tells where words end: a term must have this many. */
const MIN_INSIDE_SPELLED = 4;
/** So often a letter must be repeated to be a disguise: no word of English has one three times in a row. */
const REPEATED = 3;
/** Letters of a prefix before a word of Arabic or Hebrew. */
const MOST_PROCLITICS = 3;

/** What a term is looked for as, for people who wonder; empty when there is nothing in it to look for. */
export function foldedTerm(term: string): string {
  return String.fromCharCode(...trimmed(plainView(term.normalize('NFKC'))).units);
}

/** Whether there is something in a term to look for: two letters or digits, or one character of a script without spaces. */
export function isSearchable(term: string): boolean {
  return patternsOf(term, 0).length > 0;
}

/** Terms that fold to nothing are never found. Of 10,000 terms: built in tens of milliseconds. */
export function createWordMatcher(terms: readonly string[]): WordMatcher {
  const patterns = terms.flatMap((term, index) => patternsOf(term, index));
  const automaton = buildAutomaton(patterns.map(({ view }) => view.units));
  return {
    find(text) {
      const best = new Map<number, TermHit>();
      for (const view of viewsOf(text)) {
        automaton.scan(view.units, (found, end) => {
          const pattern = patterns[found];
          const hit = pattern && verify(pattern, view, end - pattern.view.units.length);
          if (hit && hit.distance < (best.get(hit.term)?.distance ?? Infinity)) best.set(hit.term, hit);
        });
      }
      return [...best.values()].sort((a, b) => a.term - b.term);
    },
  };
}

function patternsOf(written: string, term: number): Pattern[] {
  const text = written.normalize('NFKC');
  const view = trimmed(plainView(text));
  // A single letter or digit is in every other line.
  if (view.units.length === 0 || (view.units.length === 1 && view.runs[0] === 1 && view.firstKinds[0] !== 'unspaced'))
    return [];
  const patterns = [{ term, view, spacesLeftOut: 0 }];
  const words = text.split(/[\p{Z}\p{P}]+/u).filter(Boolean);
  const letters = words.join('');
  if (words.length > 1 && letters.length >= MIN_JOINED) {
    patterns.push({ term, view: trimmed(plainView(letters)), spacesLeftOut: words.length - 1 });
  }
  if (RIGHT_TO_LEFT.test(text)) {
    const reversed = trimmed(plainView(Array.from(text).reverse().join('')));
    patterns.push({ term, view: reversed, spacesLeftOut: 0 });
  }
  return patterns;
}

/** The hit, when what is at this place of the view is the term and not something that only folds to the same. */
function verify({ term, view: sought, spacesLeftOut }: Pattern, view: View, from: number): TermHit | null {
  const length = sought.units.length;
  let substituted = 0;
  let separated = 0;
  let repeated = 0;
  let letters = 0;
  for (let index = 0; index < length; index++) {
    const at = from + index;
    const [mine, theirs] = [sought.bases[index], view.bases[at]];
    letters += sought.units[index] === SPACE ? 0 : (sought.runs[index] ?? 1);
    if (mine !== theirs && sought.units[index] !== SPACE) {
      // What the operator wrote with a digit or a sign is meant so.
      if (sought.firstKinds[index] !== 'letter') return null;
      substituted++;
    }
    const [run, theirRun] = [sought.runs[index] ?? 1, view.runs[at] ?? 1];
    if (run !== theirRun && sought.units[index] !== SPACE) {
      if (theirRun < Math.max(REPEATED, run)) return null;
      repeated++;
    }
    separated += (index === 0 ? 0 : (view.gaps[at] ?? 0)) + (view.innerGaps[at] ?? 0);
  }
  if (substituted * 2 > letters) return null;
  const isFree =
    bordersWord(view, from, letters, sought.firstKinds[0]) && endsWord(view, from, length, letters, sought);
  if (!isFree) return null;
  return {
    term,
    start: view.starts[from] ?? 0,
    end: view.ends[from + length - 1] ?? 0,
    distance: substituted + separated + repeated + spacesLeftOut,
  };
}

const SPACE = 0x20;

function bordersWord(view: View, from: number, letters: number, kind: string | undefined): boolean {
  if (isBorder(view, from, letters, { of: view.firstKinds[from], sought: kind })) return true;
  // The article and short words are written as one with the word in Arabic and Hebrew.
  for (let back = 1; back <= MOST_PROCLITICS; back++) {
    if (!PROCLITICS.has(String.fromCharCode(view.units[from - back] ?? 0))) return false;
    if (isBorder(view, from - back, letters, { of: 'letter', sought: 'letter' })) return true;
  }
  return false;
}

function endsWord(view: View, from: number, length: number, letters: number, sought: View): boolean {
  const last = from + length - 1;
  return isBorder(view, from + length, letters, { of: view.lastKinds[last], sought: sought.firstKinds[length - 1] });
}

/** Whether a word may begin or end before this entry; `edge`: the kind of the hit's own character there, and of the term's. */
function isBorder(
  view: View,
  at: number,
  letters: number,
  edge: { of: string | undefined; sought: string | undefined },
): boolean {
  const [before, after] = [view.lastKinds[at - 1], view.firstKinds[at]];
  if (before === undefined || after === undefined) return true;
  if ((view.gaps[at] ?? 0) > 0 && before !== 'unspaced') return letters >= MIN_INSIDE_SPELLED;
  const isPlain = (kind: string): boolean => kind === 'letter' || kind === 'digit';
  if (!isPlain(before) || !isPlain(after)) return true;
  if (before === after) return false;
  // A digit that stands for a letter is none.
  return !(edge.of === 'digit' && edge.sought === 'letter');
}

/** Without spaces at its ends. */
function trimmed(view: View): View {
  const { units } = view;
  const from = units[0] === SPACE ? 1 : 0;
  const to = units.length > from && units.at(-1) === SPACE ? units.length - 1 : units.length;
  const part = <T>(values: readonly T[]): T[] => values.slice(from, to);
  return {
    units: part(units),
    bases: part(view.bases),
    runs: part(view.runs),
    firstKinds: part(view.firstKinds),
    lastKinds: part(view.lastKinds),
    gaps: part(view.gaps),
    innerGaps: part(view.innerGaps),
    starts: part(view.starts),
    ends: part(view.ends),
  };
}
