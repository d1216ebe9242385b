/** A part of a regular expression. */
export type PatternNode =
  | {
      kind: 'character';
      matches: (character: string) => boolean;
      /** As it is written. */
      source: string;
      /** The character, where it is one and not a class. */
      literal: string | null;
    }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'either'; choices: PatternNode[] }
  | { kind: 'repeat'; of: PatternNode; min: number; max: number }
  | { kind: 'assert'; what: 'start' | 'end' | 'border' | 'no-border' };

/** A regular expression that is not one, or that could not be run in a time that grows with the text only. */
export class PatternSyntaxError extends Error {
  override name = 'PatternSyntaxError' as const;
  constructor(
    /** Its source. */
    readonly source: string,
    /** UTF-16 code units before what is wrong. */
    readonly at: number,
    expected: string,
  ) {
    super(`Expected ${expected} at character ${at + 1} of the pattern ${source}.`);
  }
}

/** Longest pattern, in UTF-16 code units: as terms of banks. */
const MAX_SOURCE = 500;
/** Most repetitions that may be asked for by a number. */
const MAX_COUNT = 100;
const MAX_DEPTH = 50;

/**
 * Reads a regular expression in the syntax of JavaScript with the flags `i` and `u`, less what takes more than one look at each character: no references back, no
 * looking ahead or behind.
 * @throws {PatternSyntaxError}
 */
export function parsePattern(source: string): PatternNode {
  if (source.length > MAX_SOURCE)
    throw new PatternSyntaxError(source.slice(0, 40), MAX_SOURCE, `at most ${MAX_SOURCE} characters`);
  const reader = { source, at: 0, depth: 0 };
  const node = either(reader);
  if (reader.at < source.length) fail(reader, 'no closing parenthesis without an opening one');
  return node;
}

interface Reader {
  source: string;
  at: number;
  depth: number;
}

function fail(reader: Reader, expected: string): never {
  throw new PatternSyntaxError(reader.source, reader.at, expected);
}

function either(reader: Reader): PatternNode {
  if (++reader.depth > MAX_DEPTH) fail(reader, `at most ${MAX_DEPTH} parentheses within one another`);
  const choices = [sequence(reader)];
  while (reader.source[reader.at] === '|') {
    reader.at++;
    choices.push(sequence(reader));
  }
  reader.depth--;
  return choices.length === 1 && choices[0] !== undefined ? choices[0] : { kind: 'either', choices };
}

function sequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = [];
  while (reader.at < reader.source.length && !')|'.includes(reader.source[reader.at] ?? '')) {
    const from = reader.at;
    parts.push(repeated(reader, atom(reader), from));
  }
  return { kind: 'sequence', parts };
}

function repeated(reader: Reader, of: PatternNode, from: number): PatternNode {
  const [written, low, comma, high] =
    /^(?:[*+?]|\{(\d{1,3})(?:(,)(\d{1,3})?)?\})/.exec(reader.source.slice(reader.at)) ?? [];
  if (written === undefined) return of;
  if (of.kind === 'assert') fail({ ...reader, at: from }, 'something to repeat before the quantifier');
  reader.at += written.length;
  // Which of several stretches is found does not matter here: lazy is as greedy.
  if (reader.source[reader.at] === '?') reader.at++;
  if (/^[*+?{]/.test(reader.source.slice(reader.at))) fail(reader, 'one quantifier and not two in a row');
  if (low === undefined)
    return { kind: 'repeat', of, min: written === '+' ? 1 : 0, max: written === '?' ? 1 : Infinity };
  const min = Number(low);
  const max = comma === undefined ? min : high === undefined ? Infinity : Number(high);
  if (min > MAX_COUNT || (max > MAX_COUNT && max !== Infinity) || min > max)
    fail(reader, `a count from 0 to ${MAX_COUNT}, the lower one first,`);
  return { kind: 'repeat', of, min, max };
}

const ASSERTIONS = { '^': 'start', $: 'end', '\\b': 'border', '\\B': 'no-border' } as const;

function atom(reader: Reader): PatternNode {
  const rest = reader.source.slice(reader.at);
  const assertion = /^(?:\^|\$|\\b|\\B)/.exec(rest)?.[0] as keyof typeof ASSERTIONS | undefined;
  if (assertion !== undefined) {
    reader.at += assertion.length;
    return { kind: 'assert', what: ASSERTIONS[assertion] };
  }
  if (rest.startsWith('(')) return group(reader, rest);
  if (/^[*+?{]/.test(rest)) fail(reader, 'something to repeat before the quantifier');
  if (/^\\(?:[1-9]|k)/.test(rest)) fail(reader, 'no reference back to a group');
  const written =
    /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|p\{[^}]+\}|P\{[^}]+\}|[^upPx])|[^[\]\\}])/isu.exec(
      rest,
    )?.[0];
  if (written === undefined) fail(reader, 'a character, a class in brackets, or an escape such as \\. or \\d');
  const matches = characterTest(reader, written);
  reader.at += written.length;
  const literal = /^(?:[^.\\[]|\\[^\p{L}\p{N}])$/u.test(written) ? written.replace('\\', '') : null;
  return { kind: 'character', matches, source: written, literal };
}

function group(reader: Reader, rest: string): PatternNode {
  const opening = /^\((?:\?:|\?<[A-Za-z_]\w*>)?/.exec(rest)?.[0] ?? '(';
  if (rest.startsWith(`${opening}?`)) fail(reader, 'no looking ahead or behind and no flags inside a group');
  reader.at += opening.length;
  const node = either(reader);
  if (reader.source[reader.at] !== ')') fail(reader, 'a closing parenthesis');
  reader.at++;
  return node;
}

/** Whether one character is meant: what a class means is left to the language. */
function characterTest(reader: Reader, written: string): (character: string) => boolean {
  let single: RegExp;
  try {
    single = new RegExp(`^(?:${written})$`, 'iu');
  } catch {
    fail(reader, `a character, a class in brackets, or an escape, not ${written},`);
  }
  const known = new Map<string, boolean>();
  return (character) => {
    const cached = known.get(character);
    if (cached !== undefined) return cached;
    const result = single.test(character);
    known.set(character, result);
    return result;
  };
}
