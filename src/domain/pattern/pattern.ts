import { parsePattern, PatternSyntaxError, type PatternNode } from './pattern-syntax.js';

/** A stretch of text, in UTF-16 code units; `end` is one past. */
export interface Stretch {
  start: number;
  end: number;
}

/** A regular expression that takes time in proportion to the text, whatever the text. */
export interface Pattern {
  /** The first stretch that matches, and of those that begin there the longest; `null`: none does. */
  find(text: string): Stretch | null;
}

/** What the machine does at one place of its program. */
type Step =
  | { do: 'take'; matches: (character: string) => boolean; source: string; next: number }
  | { do: 'go'; to: number[] }
  | { do: 'assert'; what: 'start' | 'end' | 'border' | 'no-border'; next: number }
  | { do: 'found' };

/** Steps of a program at most: each character of the text is looked at by each of them once. */
const MAX_STEPS = 2000;

/**
 * A pattern that is matched by walking all of its ways at once (Thompson 1968) and never going back, so that no pattern takes longer than its steps times the
 * characters of the text. Letters are compared without case.
 * @throws {PatternSyntaxError} also where it matches the empty text, or is too large once counts are written out.
 */
export function compilePattern(source: string): Pattern {
  const root = parsePattern(source);
  if (sizeOf(root) > MAX_STEPS)
    throw new PatternSyntaxError(source, 0, `a pattern of at most ${MAX_STEPS} steps once its counts are written out,`);
  const program: Step[] = [];
  const last = emit(root, program, 0);
  program[last] = { do: 'found' };
  if (canBeEmpty(root)) throw new PatternSyntaxError(source, 0, 'a pattern that does not match the empty text,');
  const machine = createMachine(program);
  const literal = requiredLiteral(root);
  if (literal === '') return { find: machine };
  const required = new RegExp(literal.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&'), 'i');
  return { find: (text) => (required.test(text) ? machine(text) : null) };
}

/** Steps that `emit` writes. */
function sizeOf(node: PatternNode): number {
  switch (node.kind) {
    case 'character':
    case 'assert':
      return 1;
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + sizeOf(part), 0);
    case 'either':
      return node.choices.reduce((sum, choice) => sum + sizeOf(choice) + 1, 1);
    case 'repeat':
      return (sizeOf(node.of) + 1) * Math.max(1, node.max === Infinity ? node.min + 1 : node.max);
  }
}

/** Writes the steps of a node from here on, and answers the place behind them. */
function emit(node: PatternNode, program: Step[], at: number): number {
  switch (node.kind) {
    case 'character':
      program[at] = { do: 'take', matches: node.matches, source: node.source, next: at + 1 };
      return at + 1;
    case 'assert':
      program[at] = { do: 'assert', what: node.what, next: at + 1 };
      return at + 1;
    case 'sequence':
      return node.parts.reduce((place, part) => emit(part, program, place), at);
    case 'either': {
      const fork = { do: 'go' as const, to: [] as number[] };
      program[at] = fork;
      const joins: { do: 'go'; to: number[] }[] = [];
      let place = at + 1;
      for (const choice of node.choices) {
        fork.to.push(place);
        const join = { do: 'go' as const, to: [] as number[] };
        place = emit(choice, program, place);
        program[place++] = join;
        joins.push(join);
      }
      for (const join of joins) join.to.push(place);
      return place;
    }
    case 'repeat':
      return emitRepeat(node, program, at);
  }
}

function emitRepeat({ of, min, max }: PatternNode & { kind: 'repeat' }, program: Step[], at: number): number {
  let place = at;
  for (let count = 0; count < min; count++) place = emit(of, program, place);
  if (max === Infinity) {
    const fork = { do: 'go' as const, to: [place + 1] };
    program[place] = fork;
    const back = emit(of, program, place + 1);
    program[back] = { do: 'go', to: [place] };
    fork.to.push(back + 1);
    return back + 1;
  }
  const forks: { do: 'go'; to: number[] }[] = [];
  for (let count = min; count < max; count++) {
    const fork = { do: 'go' as const, to: [place + 1] };
    program[place] = fork;
    forks.push(fork);
    place = emit(of, program, place + 1);
  }
  for (const fork of forks) fork.to.push(place);
  return place;
}

const isWord = (character: string | undefined): boolean =>
  character !== undefined && /^[\p{L}\p{M}\p{N}_]$/u.test(character);

function createMachine(program: readonly Step[]): (text: string) => Stretch | null {
  const first = firstCharacter(program);
  return (text) => {
    let best = null as Stretch | null;
    // Of each step that is waiting, where the earliest way to it began.
    let waiting = new Map<number, number>();
    let offset = 0;
    while (offset <= text.length) {
      if (waiting.size === 0) {
        if (best !== null) break;
        // The engine of the language looks for single characters, which it does in one pass.
        first.lastIndex = offset;
        const next = first.exec(text);
        if (next === null) break;
        offset = next.index;
      }
      if (best === null && !waiting.has(0)) waiting.set(0, offset);
      const character = characterAt(text, offset);
      const holds = (what: string): boolean => {
        if (what === 'start') return offset === 0;
        if (what === 'end') return character === undefined;
        return (isWord(characterBefore(text, offset)) !== isWord(character)) === (what === 'border');
      };
      const next = new Map<number, number>();
      for (const [place, start] of closure(program, waiting, holds)) {
        const step = program[place];
        if (step?.do === 'found' && offset > start && (best === null || start <= best.start))
          best = { start, end: offset };
        if (step?.do !== 'take' || character === undefined || !step.matches(character)) continue;
        next.set(step.next, Math.min(start, next.get(step.next) ?? Infinity));
      }
      const bound = best;
      waiting = bound === null ? next : new Map([...next].filter(([, start]) => start <= bound.start));
      offset += character?.length ?? 1;
    }
    return best;
  };
}

/** Any of the characters that a match may begin with. */
function firstCharacter(program: readonly Step[]): RegExp {
  const sources = new Set<string>();
  for (const place of closure(program, new Map([[0, 0]]), () => true).keys()) {
    const step = program[place];
    if (step?.do === 'take') sources.add(step.source);
  }
  return new RegExp([...sources].join('|'), 'giu');
}

function characterAt(text: string, offset: number): string | undefined {
  const code = text.codePointAt(offset);
  return code === undefined ? undefined : String.fromCodePoint(code);
}

function characterBefore(text: string, offset: number): string | undefined {
  const pair = characterAt(text, offset - 2);
  return pair?.length === 2 ? pair : characterAt(text, offset - 1);
}

/** All steps that can be reached without taking a character, each from the earliest start. */
function closure(
  program: readonly Step[],
  waiting: ReadonlyMap<number, number>,
  holds: (what: string) => boolean,
): Map<number, number> {
  const reached = new Map<number, number>();
  // Earliest first: whoever is there first stays, so that each step is visited once.
  for (const [from, start] of [...waiting].sort((a, b) => a[1] - b[1])) {
    const open = [from];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (reached.has(place)) continue;
      reached.set(place, start);
      const step = program[place];
      if (step?.do === 'go') open.push(...step.to);
      else if (step?.do === 'assert' && holds(step.what)) open.push(step.next);
    }
  }
  return reached;
}

function canBeEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case 'character':
      return false;
    case 'assert':
      return true;
    case 'sequence':
      return node.parts.every(canBeEmpty);
    case 'either':
      return node.choices.some(canBeEmpty);
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.of);
  }
}

/** The longest run of letters, in lower case, that is in every match; empty: there is none. Letters whose case is not simple are none. */
function requiredLiteral(root: PatternNode): string {
  if (root.kind !== 'sequence') return '';
  let [run, longest] = ['', ''];
  for (const part of [...root.parts, { kind: 'assert' as const, what: 'end' as const }]) {
    const literal = part.kind === 'character' ? (part.literal ?? '') : '';
    const isSimple = /^[\x21-\x7e\p{Script=Han}]$/u.test(literal);
    run = isSimple ? run + literal.toLowerCase() : '';
    if (run.length > longest.length) longest = run;
  }
  return longest;
}
