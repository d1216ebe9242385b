import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findInText, type Sighting } from '../../src/detectors/text/findings-in-text.js';
import type { TextLine } from '../../src/detectors/text/text-line.js';

/** Confidence of lines that people can read, as PP-OCRv4 gives it to most of them. */
const CONFIDENCE = 0.95;

/** `known`: what the patterns were written and mended against. `held-out`: written afterwards, to say what to expect of other writing. */
export type Table = 'known' | 'held-out';

const FILES = {
  known: { ads: 'ad-lines.tsv', benign: 'benign-lines.txt' },
  'held-out': { ads: 'held-out-ads.tsv', benign: 'held-out-benign.txt' },
} as const;

/** Pictures of harmless videos. `folder`: where the tables are. */
export async function benignPictures(folder: string, table: Table = 'known'): Promise<string[]> {
  return linesOf(join(folder, FILES[table].benign));
}

/** Pictures that advertise, each with the class that must be found. */
export async function adPictures(
  folder: string,
  table: Table = 'known',
): Promise<{ expected: string; written: string }[]> {
  const lines = await linesOf(join(folder, FILES[table].ads));
  return lines.map((line) => {
    const [expected = '', written = ''] = line.split('\t');
    return { expected, written };
  });
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** A picture of a table as a reader would give it: its rows one below the other. */
export function asLines(written: string): TextLine[] {
  return written.split('⏎').map((row, index) => {
    const text = row.trim();
    const box = { x: 0.1, y: 0.1 + index * 0.1, width: Math.min(0.8, 0.03 * text.length), height: 0.07 };
    const [right, bottom] = [box.x + box.width, box.y + box.height];
    const quad = [
      { x: box.x, y: box.y },
      { x: right, y: box.y },
      { x: right, y: bottom },
      { x: box.x, y: bottom },
    ] as const;
    return { text, confidence: CONFIDENCE, box, quad };
  });
}

/** What is found of ads in a picture of a table that reaches the review threshold. */
export function decisiveFinds(written: string, review: number): Sighting[] {
  return findInText(asLines(written), [], ['ad']).filter(({ score }) => score >= review);
}
