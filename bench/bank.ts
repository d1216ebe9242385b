import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { once } from 'node:events';
import { HashBankBuilder } from '../src/banks/hash-bank-builder.js';
import { HashIntake } from '../src/banks/hash-intake.js';
import { addHashList } from '../src/banks/hash-lists.js';
import { openHashBank, readHashSections } from '../src/banks/hash-bank.js';
import { createHashIndex, scan, WORDS_PER_HASH } from '../src/banks/hash-index.js';
import { hexOf } from '../src/banks/hex.js';
import { openBlobDirectory } from '../src/store/blob-directory.js';
import { bankOf, makeHashes, makeQuestions, type Spread } from './bank/hashes.js';
import { line, percentile, table } from './reference/report.js';

const HASHES = 1_000_000;
const QUESTIONS = 2000;
/** Compared with a linear scan, which takes ten milliseconds each. */
const COMPARED = 200;
const DISTANCE = 31;

/** Prints what a look-up in a bank of a million hashes costs beside a linear scan, whether it finds the same, what memory it takes, and how fast banks are imported. */
export async function main([count = String(HASHES)]: string[]): Promise<void> {
  line(
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, one core, Node ${process.versions.node}; load ${loadavg()[0]?.toFixed(1)}.`,
  );
  line(
    `${count} hashes, distance ${DISTANCE}; CPU time of a look-up in ms over ${QUESTIONS} questions, half of them near a hash of the bank.`,
  );
  const rows: (string | number)[][] = [];
  for (const spread of ['random', 'clustered', 'patterned'] as const) rows.push(await measure(Number(count), spread));
  table([['hashes', 'open s', 'MB', 'p50', 'p99', 'max', 'scan p50', 'found', 'missed'], ...rows]);
  line();
  await measureImport(Number(count));
}

async function measure(count: number, spread: Spread): Promise<(string | number)[]> {
  const { pictures } = readHashSections(bankOf(makeHashes(count, spread)));
  await collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  const [openS, index] = timed(() => createHashIndex(pictures));
  await collectGarbage();
  const indexBytes = process.memoryUsage().arrayBuffers - before;
  const questions = makeQuestions(pictures, QUESTIONS, spread);
  const at = (row: number) => questions.subarray(row * WORDS_PER_HASH, (row + 1) * WORDS_PER_HASH);
  const times: number[] = [];
  const scans: number[] = [];
  let [found, missed] = [0, 0];
  for (let row = 0; row < 200; row++) index(at(row), DISTANCE, () => undefined);
  for (let row = 0; row < QUESTIONS; row++) {
    const rows = new Set<number>();
    times.push(
      timed(() => {
        index(at(row), DISTANCE, (hit) => rows.add(hit));
      })[0] * 1000,
    );
    if (row >= COMPARED) continue;
    const all = new Set<number>();
    scans.push(
      timed(() => {
        scan(pictures, at(row), DISTANCE, (hit) => all.add(hit));
      })[0] * 1000,
    );
    found += all.size;
    missed += [...all].filter((hit) => !rows.has(hit)).length + [...rows].filter((hit) => !all.has(hit)).length;
  }
  const figures = [percentile(times, 0.5), percentile(times, 0.99), percentile(times, 1), percentile(scans, 0.5)];
  const megabytes = (pictures.byteLength + indexBytes) / 1e6;
  return [spread, openS.toFixed(2), megabytes.toFixed(0), ...figures.map((ms) => ms.toFixed(3)), found, missed];
}

/** So that what is measured of memory is not that of an earlier step. */
async function collectGarbage(): Promise<void> {
  // What the last turn held is free in the next one.
  await setImmediate();
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Seconds of CPU time that it took, also where others use the core; and what it answered. */
function timed<T>(work: () => T): [seconds: number, T] {
  const from = process.cpuUsage();
  const answer = work();
  const { user, system } = process.cpuUsage(from);
  return [(user + system) / 1e6, answer];
}

async function measureImport(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'framewarden-bank-'));
  try {
    const path = join(folder, 'hashes.csv');
    await writeCsv(path, makeHashes(count, 'random'));
    const megabytes = (await stat(path)).size / 1e6;
    const [from, cpuFrom] = [performance.now(), process.cpuUsage()];
    const builder = new HashBankBuilder();
    await addHashList({ path, file: 'hashes.csv', as: null }, new HashIntake(builder));
    const { bytes } = builder.build();
    const [imported, { user, system }] = [performance.now(), process.cpuUsage(cpuFrom)];
    const contents = await openBlobDirectory(join(folder, 'banks'));
    const digest = await contents.put(bytes);
    const written = performance.now();
    const bank = openHashBank(await contents.get(digest));
    const opened = performance.now();
    const rate = (ms: number) => `${Math.round((count / ms) * 1000).toLocaleString('en')} hashes/s`;
    line(`Import of ${count} hashes, CSV of ${megabytes.toFixed(0)} MB:`);
    line(
      `  read, checked, sorted, made into a bank: ${rate(imported - from)} (of CPU time alone ${rate((user + system) / 1000)})`,
    );
    line(`  with the durable write of ${(bytes.length / 1e6).toFixed(0)} MB:     ${rate(written - from)}`);
    line(
      `  read again, its digest checked, opened:  ${((opened - written) / 1000).toFixed(2)} s (videos: ${bank.videos.size})`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeCsv(path: string, words: Uint32Array): Promise<void> {
  const file = createWriteStream(path);
  for (let row = 0; row * WORDS_PER_HASH < words.length; row++) {
    const hash = hexOf(words.subarray(row * WORDS_PER_HASH, (row + 1) * WORDS_PER_HASH));
    if (!file.write(`${hash},${1e15 + row},2026-01-31T18:07:52+0000,media_type_photo\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
