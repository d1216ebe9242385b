import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotABankError } from '../../src/banks/content.js';
import { openImageBank, writeImageBank } from '../../src/banks/image-bank.js';
import { openTermBank, writeTermBank } from '../../src/banks/term-bank.js';
import { readTermList } from '../../src/banks/term-lists.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framewarden-terms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function terms(text: string, check: (term: { term: string }) => string | null = () => null) {
  const path = join(folder, 'terms.txt');
  await writeFile(path, text);
  return readTermList({ path, file: 'terms.txt' }, check);
}

test('terms come a line each, as regular expressions between strokes, or as JSON with ids', async () => {
  const read = await terms(
    '# remark\n加微信\n\n/buy +now/\n{"term": "free gift", "id": "gift", "note": "seen in spring"}\n',
  );
  expect(read).toEqual([
    { term: '加微信', kind: 'words' },
    { term: 'buy +now', kind: 'regexp' },
    { term: 'free gift', kind: 'words', id: 'gift', note: 'seen in spring' },
  ]);
  const bytes = writeTermBank([...read, ...read]);
  expect(openTermBank(bytes)).toHaveLength(3);
  expect(Buffer.compare(bytes, writeTermBank([...read].reverse()))).toBe(0);
});

test('a term that cannot be is told with its line', async () => {
  await expect(terms('good\n{"term": ""}\n')).rejects.toThrow(
    /terms\.txt, line 2: Expected a term .*Nothing was imported/,
  );
  await expect(terms('{"term": "x", "colour": "red"}\n')).rejects.toThrow(/line 1: Expected a term/);
  await expect(terms('good\nbad\n', ({ term }) => (term === 'bad' ? 'Expected another.' : null))).rejects.toThrow(
    'terms.txt, line 2: Expected another. Nothing',
  );
  await expect(terms('# none\n')).rejects.toThrow(/Expected terms, found none/);
});

test('pictures come back by name as they were, the later of two of one name', () => {
  const [one, two, three] = [[1, 2, 3], [4], [5, 6, 7, 8, 9]].map((bytes) => Uint8Array.from(bytes)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const bytes = writeImageBank([
    { name: 'b', png: one },
    { name: 'ä', png: two },
    { name: 'b', png: three },
  ]);
  expect(openImageBank(bytes).map(({ name, png }) => [name, [...png]])).toEqual([
    ['b', [5, 6, 7, 8, 9]],
    ['ä', [4]],
  ]);
  expect(openImageBank(writeImageBank([]))).toEqual([]);
});

test('what is no bank is refused', () => {
  expect(() => openTermBank(new TextEncoder().encode('{"term": 1}\n'))).toThrow(NotABankError);
  expect(() => openImageBank(new TextEncoder().encode('{"term": 1}\n'))).toThrow(NotABankError);
});
