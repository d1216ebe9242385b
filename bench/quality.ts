import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createDetectors } from '../src/detectors/registry.js';
import type { Detector } from '../src/detectors/detector.js';
import { InferencePool } from '../src/detectors/inference-pool.js';
import type { Frame } from '../src/schema/frame.js';
import { benignQuality } from './quality/benign.js';
import { codeQuality } from './quality/codes.js';
import { insetQuality } from './quality/inset.js';
import { knownMediaQuality } from './quality/known-media.js';
import { overlayQuality } from './quality/overlay.js';
import { textQuality } from './quality/text.js';
import { clipFrames } from './reference/frames.js';
import { nsfwjsReference, type NsfwjsReference, type Scores } from './reference/nsfwjs-reference.js';
import { line, spread, table } from './reference/report.js';
import { difference, openNsfwReferenceScores, scoresOf } from './reference/scores.js';

const SAMPLES = 'samples';

/** Detectors under test, nsfwjs itself, and the real clips. */
interface Bench {
  nsfwjs: Detector;
  openNsfw: Detector;
  reference: NsfwjsReference;
  clips: readonly string[];
}

/** Prints how good the detectors are, by parts. Arguments: a part and how many frames of its set; or file names of samples, for `models` alone; none: all parts. */
export async function main(args: readonly string[]): Promise<void> {
  const [part = '', frames] = args;
  const count = frames === undefined ? undefined : Number(frames);
  if (args.length === 0 || !Object.hasOwn(PARTS, part)) await models(part === 'models' ? args.slice(1) : args);
  if (args.length === 0) for (const print of Object.values(PARTS)) await print();
  else if (Object.hasOwn(PARTS, part)) await PARTS[part]?.(count);
}

/** Parts besides `models`, by name; each is given the number of frames where it draws a set. */
const PARTS: Readonly<Record<string, (frames?: number) => Promise<void>>> = {
  text: (frames) => withPool((pool) => textQuality(pool, frames)),
  codes: (frames) => withPool((pool) => codeQuality(pool, frames)),
  overlay: overlayQuality,
  inset: insetQuality,
  'known-media': knownMediaQuality,
  benign,
};

async function withPool(print: (pool: InferencePool) => Promise<void>): Promise<void> {
  const pool = new InferencePool(1);
  try {
    await print(pool);
  } finally {
    await pool.close();
  }
}

async function benign(): Promise<void> {
  const set = await createDetectors();
  try {
    await benignQuality(set.detectors);
  } finally {
    await set.close();
  }
}

/** How true the classifiers are to their references, what other ways of scaling would do, and false alarms on the samples; `only`: file names of samples, all when empty. */
async function models(only: readonly string[]): Promise<void> {
  const set = await createDetectors();
  const reference = await nsfwjsReference();
  const [nsfwjs, openNsfw] = ['nsfwjs', 'open-nsfw'].map((name) => set.detectors.find((it) => it.name === name));
  if (nsfwjs === undefined || openNsfw === undefined) throw new Error('Expected the detectors nsfwjs and open-nsfw.');
  const files = await readdir(SAMPLES, { withFileTypes: true });
  const clips = files.flatMap((entry) =>
    entry.isFile() && !entry.name.endsWith('.md') && (only.length === 0 || only.includes(entry.name))
      ? [entry.name]
      : [],
  );
  const bench: Bench = { nsfwjs, openNsfw, reference, clips: clips.sort() };
  try {
    await networkParity(bench);
    await preparationParity(bench);
    await falseAlarms(bench);
  } finally {
    reference.dispose();
    await set.close();
  }
}

/** Frames of exactly the network's size pass our preparation unchanged, so that both get the same tensor. */
async function networkParity({ nsfwjs, reference, clips }: Bench): Promise<void> {
  const scale = 'scale=224:224';
  const differences: number[] = [];
  for (const clip of clips) {
    const { frames } = await clipFrames(join(SAMPLES, clip), { format: 'rgb24', scale });
    const ours = await scoresOf(nsfwjs, frames);
    for (const [index, { data }] of frames.entries()) {
      const theirs = await reference.network(Float32Array.from(data, (value) => value / 255));
      differences.push(
        Math.max(...Object.values(ours[index] ?? {}).map((score, at) => Math.abs(score - (theirs[at] ?? NaN)))),
      );
    }
  }
  line(`Network parity: nsfwjs as ONNX against TensorFlow.js, same input, all classes (asked: |Δ| ≤ 0.001)`);
  table([
    ['frames', 'median', 'p99', 'max'],
    [differences.length, ...spread(differences)],
  ]);
  line();
}

/** Ways in which frames could leave ffmpeg. */
const WAYS = [
  { name: 'full size, native format (ours)', request: {} },
  { name: 'full size, rgb24', request: { format: 'rgb24' } },
  { name: 'scaled by ffmpeg, fast_bilinear', flags: 'fast_bilinear' },
  { name: 'scaled by ffmpeg, bilinear', flags: 'bilinear' },
  { name: 'scaled by ffmpeg, bilinear, accurate', flags: 'bilinear+accurate_rnd+full_chroma_int' },
] as const;

async function preparationParity({ nsfwjs, openNsfw, reference, clips }: Bench): Promise<void> {
  const python = await openNsfwReferenceScores();
  const known = clips.filter((clip) => python.has(clip));
  const expected = new Map<string, { scores: Scores[]; frames: number }>();
  for (const clip of clips) {
    const { frames } = await clipFrames(join(SAMPLES, clip), { format: 'rgb24' });
    const scores: Scores[] = [];
    for (const frame of frames) scores.push(await reference.classify(frame));
    expected.set(clip, { scores, frames: frames.length });
  }
  const rows: (string | number)[][] = [];
  for (const way of WAYS) {
    const wide = await compare(nsfwjs, clips, requestFor(way, 224), (clip) => expected.get(clip)?.scores ?? []);
    rows.push(['nsfwjs', way.name, wide.differences.length, ...spread(wide.differences), wide.cpuMs.toFixed(1)]);
  }
  for (const way of known.length > 0 ? WAYS : []) {
    const narrow = await compare(openNsfw, known, requestFor(way, 256), (clip) =>
      (python.get(clip) ?? []).map((porn) => ({ porn })),
    );
    rows.push([
      'open-nsfw',
      way.name,
      narrow.differences.length,
      ...spread(narrow.differences),
      narrow.cpuMs.toFixed(1),
    ]);
  }
  line(
    'Preparation parity: |Δ| against nsfwjs.classify on the full-size rgb24 frame, all classes, and against the scores of',
  );
  line(
    `OpenNSFW's Python package on ${known.join(', ') || 'none of these'} (asked of ours: p99 ≤ 0.02); CPU of ffmpeg, decoding included`,
  );
  table([['family', 'frames leave ffmpeg', 'frames', 'median', 'p99', 'max', 'ffmpeg ms/frame'], ...rows]);
  line();
}

function requestFor(way: (typeof WAYS)[number], size: number): Parameters<typeof clipFrames>[1] {
  if ('request' in way) return way.request;
  return {
    format: 'rgb24',
    scale: `scale=${size}:${size}:flags=${way.flags}`,
  };
}

async function compare(
  detector: Detector,
  clips: readonly string[],
  request: Parameters<typeof clipFrames>[1],
  expected: (clip: string) => readonly Scores[],
): Promise<{ differences: number[]; cpuMs: number }> {
  const differences: number[] = [];
  let cpuS = 0;
  for (const clip of clips) {
    const decoded = await clipFrames(join(SAMPLES, clip), request);
    cpuS += decoded.cpuS;
    const ours = await scoresOf(detector, decoded.frames);
    expected(clip).forEach((scores, index) => differences.push(difference(scores, ours[index] ?? {})));
  }
  return { differences, cpuMs: (cpuS * 1000) / differences.length };
}

/** All samples are benign: whatever is at or above a threshold is a false alarm. */
async function falseAlarms({ nsfwjs, openNsfw, clips }: Bench): Promise<void> {
  for (const phaseS of [0, 0.5]) {
    const rows: (string | number)[][] = [];
    for (const clip of clips) {
      const { frames } = await clipFrames(join(SAMPLES, clip), { phaseS });
      const first = await pornScores(nsfwjs, frames);
      const second = await pornScores(openNsfw, frames);
      rows.push([clip, ...alarms(first, second)]);
    }
    const total = (rows[0] ?? [])
      .slice(1)
      .map((_, column) => rows.reduce((sum, row) => sum + Number(row[column + 1]), 0));
    line(
      `False alarms on samples/, all benign, one frame a second from ${phaseS} s; both families asked about every frame`,
    );
    table([
      ['clip', 'frames', 'nsfwjs ≥ 0.3', '≥ 0.5', '≥ 0.8', 'open-nsfw ≥ 0.5', '≥ 0.8', 'both ≥ 0.5', 'both ≥ 0.8'],
      ...rows,
      ['all', ...total],
    ]);
    line();
  }
}

function alarms(first: readonly number[], second: readonly number[]): number[] {
  const count = (holds: (index: number) => boolean): number => first.filter((_, index) => holds(index)).length;
  const nsfwjs = (from: number) => (index: number) => (first[index] ?? 0) >= from;
  const openNsfw = (from: number) => (index: number) => (second[index] ?? 0) >= from;
  const both = (from: number) => (index: number) => nsfwjs(from)(index) && openNsfw(from)(index);
  return [
    first.length,
    ...[nsfwjs(0.3), nsfwjs(0.5), nsfwjs(0.8), openNsfw(0.5), openNsfw(0.8), both(0.5), both(0.8)].map(count),
  ];
}

/** Highest score of a decisive class for each frame. */
async function pornScores(detector: Detector, frames: readonly Frame[]): Promise<number[]> {
  return (await scoresOf(detector, frames)).map(({ porn = 0, hentai = 0 }) => Math.max(porn, hentai));
}
