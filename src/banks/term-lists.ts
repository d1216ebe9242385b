import { checkedName } from './hash-intake.js';
import { ImportProblemError, shown } from './import-problem.js';
import { linesOf } from './lines.js';
import { parseTerm, type Term } from './term-bank.js';

/**
 * The terms of a list: a term a line, `/…/` for a regular expression, `#` for a remark; or JSON Lines of `{"term", "id"?, "kind"?, "note"?}`.
 * @param check what is wrong with a term, in a sentence; `null`: nothing
 * @throws {ImportProblemError}
 */
export async function readTermList(
  { path, file }: { path: string; file: string },
  check: (term: Term) => string | null,
): Promise<Term[]> {
  const terms: Term[] = [];
  let number = 0;
  for await (const lines of linesOf(path, file)) {
    for (const line of lines) {
      number++;
      const text = line.trim();
      if (text === '' || text.startsWith('#')) continue;
      const place = { file, line: number };
      const term = parseTerm(text.startsWith('{') ? withKind(text) : plainTerm(text));
      if (typeof term === 'string')
        throw new ImportProblemError(file, number, `Expected a term (${term}), found ${shown(text)}.`);
      const problem = check(term);
      if (problem !== null) throw new ImportProblemError(file, number, problem);
      checkedName(term.id ?? '', place);
      terms.push(term);
    }
  }
  if (terms.length === 0) throw new ImportProblemError(file, null, 'Expected terms, found none.');
  return terms;
}

function plainTerm(text: string): Term {
  const pattern = /^\/(.+)\/$/.exec(text)?.[1];
  return pattern === undefined ? { term: text, kind: 'words' } : { term: pattern, kind: 'regexp' };
}

function withKind(text: string): unknown {
  try {
    return { kind: 'words', ...(JSON.parse(text) as object) };
  } catch {
    return undefined;
  }
}
