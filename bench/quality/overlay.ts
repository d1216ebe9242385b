import { join } from 'node:path';
import { createDetectors } from '../../src/detectors/registry.js';
import { loadPolicy } from '../../src/policy.js';
import type { Detector, DetectorRun } from '../../src/detectors/detector.js';
import type { Frame } from '../../src/schema/frame.js';
import type { Box, Observation } from '../../src/schema/observation.js';
import { CORNERS, everySecond, withMark, type Laid } from '../overlay/made-clips.js';
import { MARK_NAMES } from '../overlay/marks.js';
import { intersectionOverUnion, trueBox } from '../overlay/true-box.js';
import { clipFrames } from '../reference/frames.js';
import { line, percentile, table } from '../reference/report.js';

const REFERENCE = join('test', 'detectors', 'known-media', 'reference');
const PLAIN = join('samples', 'chair-orig-22-sd-bar.mp4');
/** Clips that move and last long enough for the detector to say something. */
const MOVING = ['cockatoo.mp4', 'chair-orig-22-sd-bar.mp4', 'grand-prix-1906.ogv'].map((name) => join('samples', name));
/** The clip of the chair has bars on both sides, into which no channel would put its mark. */
const WITHOUT_BARS = 'crop=416:720:32:0';
/** All that nothing was laid over. */
const BENIGN = [
  ...['cockatoo.mp4', 'chair-orig-22-sd-bar.mp4', 'display-dual-monitors.webm', 'grand-prix-1906.ogv'],
  ...['movie-hello.mpeg', 'newtonscradle.gif', 'phone-1080p.mp4', 'realshort.mp4'],
].map((name) => join('samples', name));
const SIZES = [0.03, 0.05, 0.08, 0.1, 0.15];
const OPACITIES = [0.3, 0.5, 0.7, 1];
/** A box is right when it shares at least half with the true one. */
const RIGHT = 0.5;

/** The detector, and from which score on it asks for a person. */
interface Bench {
  detector: Detector;
  run: DetectorRun;
  review: number;
}

/** Prints what the detector of overlays finds and where: on real pairs, on marks laid over real clips, and on clips without any. */
export async function overlayQuality(): Promise<void> {
  const set = await createDetectors({ scenes: ['logo'] });
  const detector = set.detectors.find(({ name }) => name === 'overlay');
  if (detector === undefined) throw new Error('Expected the detector overlay.');
  const { policy, policyDigest } = await loadPolicy();
  const review = policy.scenes.logo?.detectors['overlay']?.review ?? 1;
  const run = { sourceDigest: '', policy, policyDigest, scenes: ['logo'] as const, banks: [] };
  const bench = { detector, run, review };
  try {
    await realPairs(bench);
    await laidOver(bench);
    await forAWhile(bench);
    await withoutAny(bench);
  } finally {
    await set.close();
  }
}

/** What the detector says in the end of frames that are a second apart. */
async function conclude({ detector, run }: Bench, frames: readonly Frame[]): Promise<Observation[]> {
  const { signal } = new AbortController();
  const observations: Observation[] = [];
  for (const frame of frames) observations.push(...(await detector.detect([frame], run, signal)));
  const plan = { kind: 'grid', spacing: { num: 1, den: 1 }, count: frames.length } as const;
  const video = { timeBase: { num: 1, den: 1 }, durationS: frames.length };
  return (await detector.conclude?.({ observations, plan, video, sourceMd5: '' }, run, signal)) ?? [];
}

function overlaysIn(said: readonly Observation[]): Observation[] {
  return said.filter((seen) => seen.class === 'overlay');
}

async function realPairs(bench: Bench): Promise<void> {
  const plain = (await clipFrames(PLAIN)).frames;
  const rows: (string | number)[][] = [];
  for (const path of [
    join('samples', 'chair-22-with-large-logo-bar.mp4'),
    join(REFERENCE, 'chair-22-with-small-logo-bar.mp4'),
  ]) {
    const { frames } = await clipFrames(path);
    const [best, ...more] = overlaysIn(await conclude(bench, frames));
    const right = best?.box === undefined ? 0 : intersectionOverUnion(best.box, trueBox(plain, frames));
    rows.push([path, best?.score.toFixed(2) ?? '-', right.toFixed(2), more.length]);
  }
  line('Overlays: real pairs (ThreatExchange), true box from the pixels that differ from the clip without logo');
  table([['clip', 'score', 'IoU', 'others found'], ...rows]);
  line();
}

/** What came of one laid mark. */
interface Outcome {
  laid: Laid;
  score: number;
  iou: number;
  /** Found elsewhere, at or above the review threshold. */
  wrong: number;
}

async function laidOver(bench: Bench): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const path of MOVING) {
    const clip = await everySecond(path, path === PLAIN ? WITHOUT_BARS : undefined);
    const all = SIZES.flatMap((size) => OPACITIES.map((opacity) => ({ size, opacity })));
    for (const [index, what] of all.entries()) {
      // In turns, so that every size and every opacity meets every corner and, over the three clips, every mark.
      const mark = MARK_NAMES[outcomes.length % MARK_NAMES.length] ?? 'emblem';
      const corner = CORNERS[(index + (index >> 2)) % CORNERS.length] ?? 'top left';
      const laid = { ...what, mark, corner };
      const { path: file, box } = await withMark(clip, laid);
      const found = overlaysIn(await conclude(bench, (await clipFrames(file)).frames));
      outcomes.push({ laid, ...judged(found, box, bench.review) });
    }
  }
  line(
    `Overlays: ${outcomes.length} clips made from ${MOVING.join(', ')}: 3 marks in turns in the four corners, x264 (the chair without its bars)`,
  );
  line(
    `found: score of ${bench.review} (review) or more and IoU of ${RIGHT} or more; sizes are shares of the picture's width`,
  );
  table([
    [
      'size',
      'clips',
      'recall',
      ...OPACITIES.map((opacity) => `at opacity ${opacity}`),
      'precision',
      'IoU median',
      'p10',
    ],
    ...SIZES.map((size) =>
      summary(
        `${size * 100} %`,
        outcomes.filter((one) => one.laid.size === size),
        bench.review,
      ),
    ),
    summary('all', outcomes, bench.review),
  ]);
  line();
}

function judged(found: readonly Observation[], box: Box, review: number): Omit<Outcome, 'laid'> {
  const rated = found.map((one) => ({ ...one, iou: one.box === undefined ? 0 : intersectionOverUnion(one.box, box) }));
  const best = rated.sort((a, b) => b.iou - a.iou)[0];
  const wrong = rated.filter(({ iou, score }) => iou < RIGHT && score >= review).length;
  return { score: best?.score ?? 0, iou: best?.iou ?? 0, wrong };
}

function summary(name: string, outcomes: readonly Outcome[], review: number): (string | number)[] {
  const isFound = ({ score, iou }: Outcome): boolean => score >= review && iou >= RIGHT;
  const found = outcomes.filter(isFound);
  const share = (some: readonly Outcome[]): string => percent(some.filter(isFound).length, some.length);
  const wrong = outcomes.reduce((sum, one) => sum + one.wrong, 0);
  const ious = found.map(({ iou }) => iou);
  return [
    name,
    outcomes.length,
    share(outcomes),
    ...OPACITIES.map((opacity) => share(outcomes.filter(({ laid }) => laid.opacity === opacity))),
    percent(found.length, found.length + wrong),
    percentile(ious, 0.5).toFixed(2),
    percentile(ious, 0.1).toFixed(2),
  ];
}

function percent(part: number, of: number): string {
  return of === 0 ? '-' : `${Math.round((100 * part) / of)} %`;
}

/** Marks that come and go: how far the stretch is off. */
async function forAWhile(bench: Bench): Promise<void> {
  const clip = await everySecond(PLAIN, WITHOUT_BARS);
  const rows: (string | number)[][] = [];
  for (const { from, to } of [
    { from: 0, to: 10 },
    { from: 6, to: 16 },
    { from: 12, to: 22 },
    { from: 5, to: 11 },
  ]) {
    const laid = { mark: 'emblem', size: 0.1, opacity: 1, corner: 'top right', from, to } as const;
    const { path, box } = await withMark(clip, laid);
    const best = overlaysIn(await conclude(bench, (await clipFrames(path)).frames))[0];
    const iou = best?.box === undefined ? 0 : intersectionOverUnion(best.box, box);
    const { startS, endS } = best?.span ?? { startS: NaN, endS: NaN };
    rows.push([`${from}–${to} s`, `${startS}–${endS} s`, best?.score.toFixed(2) ?? '-', iou.toFixed(2)]);
  }
  line('Overlays: a mark that is there for a while only, one sample a second');
  table([['there', 'found', 'score', 'IoU'], ...rows]);
  line();
}

/** Clips without an overlay, as they are, and as letterbox and pillarbox. */
async function withoutAny(bench: Bench): Promise<void> {
  const rows: (string | number)[][] = [];
  const count = async (name: string, path: string): Promise<void> => {
    const { frames } = await clipFrames(path);
    const said = await conclude(bench, frames);
    const found = overlaysIn(said);
    const why = said.find((seen) => seen.class !== 'overlay');
    const scores = found.map(({ score }) => score.toFixed(2)).join(' ') || 0;
    rows.push([name, frames.length, scores, why === undefined ? '' : `${why.class} ${why.score.toFixed(2)}`]);
  };
  for (const path of BENIGN) await count(path, path);
  for (const path of MOVING)
    for (const [name, filter] of Object.entries(BARS))
      await count(`${path}, ${name}`, (await everySecond(path, filter)).path);
  line(
    'Overlays: clips without any, everything found is wrong; and where nothing can be said, how much of the clip that is',
  );
  table([['clip', 'frames', 'found', 'nothing to say'], ...rows]);
  line();
}

const BARS = {
  letterbox: 'pad=iw:2*trunc(ih*0.7):0:-1',
  pillarbox: 'pad=2*trunc(iw*0.7):ih:-1:0',
  'all around': 'pad=2*trunc(iw*0.6):2*trunc(ih*0.6):-1:-1',
} as const;
