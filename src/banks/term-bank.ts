import { z } from 'zod';
import { NotABankError } from './content.js';

/** One term of an operator. */
const Term = z.strictObject({
  /** Words, or the source of a regular expression. */
  term: z.string().min(1).max(500),
  /** How a match names it; absent: as the term. */
  id: z.string().min(1).max(200).optional(),
  /** `words`: found in normalised text, however it is written; `regexp`: as it stands. */
  kind: z.enum(['words', 'regexp']),
  /** For people. */
  note: z.string().max(2000).optional(),
});
export type Term = z.infer<typeof Term>;

/**
 * The terms of a bank's content, which is JSON Lines.
 * @throws {NotABankError}
 */
export function openTermBank(bytes: Uint8Array): readonly Term[] {
  const lines = new TextDecoder().decode(bytes).split('\n').filter(Boolean);
  return lines.map((line, index) => {
    const parsed = Term.safeParse(parsedJson(line));
    if (!parsed.success) throw new NotABankError('terms', `line ${index + 1} is no term`);
    return parsed.data;
  });
}

/** Content of a bank with these terms: each once, sorted, so that equal banks have equal bytes. */
export function writeTermBank(terms: readonly Term[]): Uint8Array {
  const lines = terms.map(({ term, id, kind, note }) =>
    JSON.stringify({ term, ...(id !== undefined && { id }), kind, ...(note !== undefined && { note }) }),
  );
  return new TextEncoder().encode(
    [...new Set(lines)]
      .sort()
      .map((line) => `${line}\n`)
      .join(''),
  );
}

/** How a match and the operator's commands name a term. */
export const termName = ({ term, id }: Term): string => id ?? term;

/** A term from outside, or what is wrong with it. */
export function parseTerm(value: unknown): Term | string {
  const parsed = Term.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join('.') || 'term'}: ${issue?.message ?? 'not a term'}`;
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
