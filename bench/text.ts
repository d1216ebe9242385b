import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { findInText } from '../src/detectors/text/findings-in-text.js';
import { openTerms, type OpenTermBank } from '../src/detectors/text/terms/open-term-bank.js';
import { parse } from 'yaml';
import { line, percentile, table } from './reference/report.js';
import { adPictures, asLines, benignPictures, decisiveFinds, type Table } from './text/tables.js';

const TABLES = 'bench/text';
const TERMS = 10_000;
const RUNS = 300;

/** Prints what the patterns find in the tables of writing, and how long terms take. */
export async function main(): Promise<void> {
  const policy = parse(await readFile('policies/default.yaml', 'utf8')) as {
    scenes: { ad?: { detectors: { text?: { review: number } } } };
  };
  const review = policy.scenes.ad?.detectors.text?.review ?? 0.7;
  for (const kind of ['known', 'held-out'] as const) {
    await found(review, kind);
    await falseAlarms(review, kind);
  }
  await termSpeed();
}

async function found(review: number, tables: Table): Promise<void> {
  const pictures = await adPictures(TABLES, tables);
  const rows: (string | number)[][] = [];
  const missed: string[] = [];
  for (const kind of ['url', 'phone', 'messenger', 'price']) {
    const asked = pictures.filter(({ expected }) => expected === kind);
    const seen = asked.filter(({ written }) => decisiveFinds(written, review).some((find) => find.class === kind));
    const other = asked.filter(({ written }) => decisiveFinds(written, review).length > 0);
    rows.push([kind, asked.length, seen.length, (seen.length / asked.length).toFixed(3), other.length]);
    missed.push(...asked.filter((picture) => !seen.includes(picture)).map(({ written }) => `${kind}: ${written}`));
  }
  line(`Writing that advertises, ${tables} table in ${TABLES}: found at or above ${review}, read with 0.95`);
  table([['class', 'pictures', 'found', 'recall', 'found as anything'], ...rows]);
  for (const one of missed) line(`missed  ${one}`);
  line();
}

async function falseAlarms(review: number, tables: Table): Promise<void> {
  const pictures = await benignPictures(TABLES, tables);
  const wrong = pictures.flatMap((written) => decisiveFinds(written, review).map((find) => ({ written, find })));
  line(`Writing of harmless videos, ${tables} table: ${pictures.length} pictures, ${wrong.length} wrong finds`);
  for (const { written, find } of wrong) line(`wrong  ${find.class} ${find.text ?? ''} (${find.score}) in: ${written}`);
  line();
}

/** A bank of terms of four scripts against the writing of crowded pictures. */
async function termSpeed(): Promise<void> {
  const start = process.cpuUsage();
  const bank = openTerms({ name: 'bench', scene: 'ad', atMost: 'review' }, madeUpTerms());
  const openedMs = cpuMs(start);
  const pictures = await benignPictures(TABLES);
  const crowded = Array.from({ length: RUNS }, (_, run) =>
    asLines(Array.from({ length: 20 }, (_, row) => pictures[(run * 7 + row) % pictures.length]).join('⏎')),
  );
  const characters = crowded[0]?.reduce((sum, { text }) => sum + text.length, 0) ?? 0;
  const rows = [timed('patterns only', crowded, []), timed(`patterns and ${TERMS} terms`, crowded, [bank])];
  line(
    `Speed on one core: ${RUNS} pictures of 20 rows, about ${characters} characters; bank opened in ${openedMs.toFixed(0)} ms of CPU`,
  );
  table([['', 'CPU ms a picture', 'median ms', 'p99 ms'], ...rows]);
}

function timed(name: string, crowded: readonly ReturnType<typeof asLines>[], banks: OpenTermBank[]): string[] {
  for (const lines of crowded) findInText(lines, banks, ['ad']);
  const before = process.cpuUsage();
  const times = crowded.map((lines) => {
    const start = performance.now();
    findInText(lines, banks, ['ad']);
    return performance.now() - start;
  });
  const meanMs = cpuMs(before) / crowded.length;
  return [name, meanMs.toFixed(2), percentile(times, 0.5).toFixed(2), percentile(times, 0.99).toFixed(2)];
}

/** Milliseconds of all threads since then: others may be at work on this machine. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

function madeUpTerms(): { term: string; kind: 'words' }[] {
  const syllables = ['ka', 'lo', 'mir', 'ten', 'su', 'vor', 'pi', 'zed', 'qua', 'ny'];
  const characters = Array.from('免费代开发票贷款博彩娱乐私服外挂刻章办证枪支迷药赌场投注返利');
  return Array.from({ length: TERMS }, (_, index) => {
    const digits = Array.from(String(index).padStart(4, '0')).map(Number);
    const term =
      index % 2 === 0
        ? digits.map((digit) => syllables[digit]).join('')
        : digits.map((digit, place) => characters[(digit + 10 * (place % 3)) % characters.length]).join('');
    return { term, kind: 'words' };
  });
}
