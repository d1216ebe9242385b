import { compilePattern, type Pattern } from '../../../domain/pattern/pattern.js';
import { PatternSyntaxError } from '../../../domain/pattern/pattern-syntax.js';
import type { BankRef } from '../../../schema/bank.js';
import { createWordMatcher, isSearchable } from './word-matcher.js';

/** A term as banks keep it: words, or the source of a regular expression. */
export interface TermEntry {
  term: string;
  /** How a match names it; absent: as the term. */
  id?: string | undefined;
  kind: 'words' | 'regexp';
}

/** A term found in a text. */
export interface TermMatch {
  /** Name of the term. */
  entry: string;
  /** Position in the text, in UTF-16 code units; `end` is one past. */
  start: number;
  end: number;
  /** See `TermHit`; 0 for regular expressions. */
  distance: number;
}

/** A bank of terms, ready to be looked for. */
export interface OpenTermBank {
  bank: Pick<BankRef, 'name' | 'scene' | 'atMost'>;
  /** One match of each term, in text in normal form NFKC. */
  find: (text: string) => TermMatch[];
}

/** Makes the terms of a bank ready: once for each content, tens of milliseconds for 10,000. Terms that `termProblem` objects to are never found. */
export function openTerms(bank: OpenTermBank['bank'], terms: readonly TermEntry[]): OpenTermBank {
  const words = terms.filter(({ kind }) => kind === 'words');
  const matcher = createWordMatcher(words.map(({ term }) => term));
  const patterns = terms.flatMap((entry) => {
    const pattern = entry.kind === 'regexp' && termProblem(entry) === null ? compilePattern(entry.term) : null;
    return pattern === null ? [] : [{ entry, pattern }];
  });
  return {
    bank,
    find: (text) => [
      ...matcher.find(text).flatMap(({ term, start, end, distance }) => {
        const entry = words[term];
        return entry === undefined ? [] : [{ entry: nameOf(entry), start, end, distance }];
      }),
      ...patterns.flatMap(({ entry, pattern }) => matchOf(entry, pattern, text)),
    ],
  };
}

/** Why a term could never be found or must not be looked for, as a sentence; `null`: nothing is wrong. For imports. */
export function termProblem({ term, kind }: TermEntry): string | null {
  if (kind === 'words') {
    return isSearchable(term)
      ? null
      : `Expected two letters or digits, or one Chinese character, in the term ${JSON.stringify(term)}.`;
  }
  try {
    compilePattern(term);
    return null;
  } catch (error) {
    if (error instanceof PatternSyntaxError) return error.message;
    throw error;
  }
}

const nameOf = ({ id, term }: TermEntry): string => id ?? term;

function matchOf(entry: TermEntry, pattern: Pattern, text: string): TermMatch[] {
  const found = pattern.find(text);
  return found === null ? [] : [{ entry: nameOf(entry), ...found, distance: 0 }];
}
