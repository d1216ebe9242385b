import { join } from 'node:path';
import { createDetectors } from '../../src/detectors/registry.js';
import type { Detector, DetectorRun } from '../../src/detectors/detector.js';
import { loadPolicy } from '../../src/policy.js';
import type { Frame } from '../../src/schema/frame.js';
import type { Box, Observation } from '../../src/schema/observation.js';
import { everySecond, ffmpeg } from '../overlay/made-clips.js';
import { intersectionOverUnion } from '../overlay/true-box.js';
import { clipFrames } from '../reference/frames.js';
import { line, percentile, table } from '../reference/report.js';

/** Clips that move, and what is cut off them: the one of the chair has bars at its sides. */
const MOVING = [
  { name: 'cockatoo.mp4', seconds: 14 },
  { name: 'chair-orig-22-sd-bar.mp4', seconds: 22, cut: 'crop=416:720:32:0' },
  { name: 'grand-prix-1906.ogv', seconds: 19 },
];
const BENIGN = [
  ...['cockatoo.mp4', 'chair-orig-22-sd-bar.mp4', 'chair-22-with-large-logo-bar.mp4', 'display-dual-monitors.webm'],
  ...['grand-prix-1906.ogv', 'movie-hello.mpeg', 'newtonscradle.gif', 'phone-1080p.mp4', 'realshort.mp4'],
];
const BARS = {
  letterbox: 'pad=iw:2*trunc(ih*0.7):0:-1',
  pillarbox: 'pad=2*trunc(iw*0.7):ih:-1:0',
  'all around': 'pad=2*trunc(iw*0.6):2*trunc(ih*0.6):-1:-1',
} as const;
/** Shares of the picture's width. */
const SIZES = [0.2, 0.3, 0.4];
/** A box is right when it shares at least half with the true one. */
const RIGHT = 0.5;

interface Outcome {
  size: number;
  lined: boolean;
  /** With the best box; 0: not found. */
  iou: number;
  wrong: number;
}

/** Prints what the detector of pictures in the picture finds: in clips laid into each other, and in clips without any. */
export async function insetQuality(): Promise<void> {
  const set = await createDetectors({ scenes: ['live'] });
  const detector = set.detectors.find(({ name }) => name === 'inset');
  if (detector === undefined) throw new Error('Expected the detector inset.');
  const { policy, policyDigest } = await loadPolicy();
  const run = { sourceDigest: '', policy, policyDigest, scenes: ['live'], banks: [] } as const;
  try {
    await laidIn(detector, run);
    await withoutAny(detector, run);
  } finally {
    await set.close();
  }
}

async function laidIn(detector: Detector, run: DetectorRun): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const below of MOVING) {
    const ground = await everySecond(join('samples', below.name), below.cut);
    for (const inside of MOVING.filter((one) => one !== below)) {
      // Decoded once, not for each size.
      const { path } = await everySecond(join('samples', inside.name));
      for (const size of SIZES)
        for (const lined of [false, true]) {
          const laid = await layIn(ground, path, { size, lined, seconds: below.seconds });
          const found = await conclude(detector, run, (await clipFrames(laid.path)).frames);
          const ious = found.map(({ box }) => (box === undefined ? 0 : intersectionOverUnion(box, laid.box)));
          const right = ious.filter((iou) => iou >= RIGHT);
          outcomes.push({ size, lined, iou: Math.max(0, ...right), wrong: ious.length - right.length });
        }
    }
  }
  const share = (name: string, some: readonly Outcome[]): (string | number)[] => [
    name,
    some.length,
    `${Math.round((100 * some.filter(({ iou }) => iou > 0).length) / some.length)} %`,
    some.reduce((sum, { wrong }) => sum + wrong, 0),
  ];
  const ious = outcomes.flatMap(({ iou }) => (iou > 0 ? [iou] : []));
  line('Pictures in the picture: real clips laid into each other, one sample a second');
  table([
    ['', 'clips', 'recall', 'wrong'],
    share('all', outcomes),
    ...SIZES.map((size) =>
      share(
        `${100 * size} % of the width`,
        outcomes.filter((one) => one.size === size),
      ),
    ),
    ...[true, false].map((lined) =>
      share(
        lined ? 'within a thin white line' : 'without',
        outcomes.filter((one) => one.lined === lined),
      ),
    ),
  ]);
  line(`IoU of those found: least ${Math.min(...ious).toFixed(2)}, median ${percentile(ious, 0.5).toFixed(2)}`);
  line();
}

/** A clip at the lower right, or within a line at the upper left, of another; both hold one frame a second. */
async function layIn(
  ground: { path: string; widthPx: number; heightPx: number },
  inside: string,
  { size, lined, seconds }: { size: number; lined: boolean; seconds: number },
): Promise<{ path: string; box: Box }> {
  const { widthPx, heightPx } = ground;
  const even = (px: number): number => Math.round(px / 2) * 2;
  const [width, margin] = [even(widthPx * size), even(widthPx * 0.03)];
  const height = even(Math.min((width * 9) / 16, heightPx * 0.45));
  const [x, y] = lined ? [margin, margin] : [widthPx - width - margin, heightPx - height - margin];
  const border = lined ? `,drawbox=t=${Math.max(1, Math.round(widthPx / 320))}:c=white` : '';
  const cut = "crop='min(iw*0.8,ih*16/9)':'min(ih,iw*0.8*9/16)'";
  const path = join('.cache', 'bench-overlay', 'laid-in.mkv');
  await ffmpeg(
    ...['-i', ground.path, '-stream_loop', '-1', '-i', inside, '-filter_complex'],
    `[1]${cut},scale=${width}:${height},setsar=1${border},format=yuv420p[in];[0][in]overlay=${x}:${y},format=yuv420p`,
    ...['-t', String(seconds), '-c:v', 'libx264', '-preset', 'veryfast', path],
  );
  return { path, box: { x: x / widthPx, y: y / heightPx, width: width / widthPx, height: height / heightPx } };
}

async function withoutAny(detector: Detector, run: DetectorRun): Promise<void> {
  const rows: (string | number)[][] = [];
  const count = async (name: string, path: string): Promise<void> => {
    const { frames } = await clipFrames(path);
    rows.push([name, frames.length, (await conclude(detector, run, frames)).length]);
  };
  for (const name of BENIGN) await count(name, join('samples', name));
  for (const { name, cut } of MOVING)
    for (const [bars, filter] of Object.entries(BARS)) {
      const shape = cut === undefined ? filter : `${cut},${filter}`;
      await count(`${name}, ${bars}`, (await everySecond(join('samples', name), shape)).path);
    }
  line('Pictures in the picture: clips without any, everything found is wrong');
  table([['clip', 'frames', 'found'], ...rows]);
  line();
}

async function conclude(detector: Detector, run: DetectorRun, frames: readonly Frame[]): Promise<Observation[]> {
  const signal = new AbortController().signal;
  const observations = await detector.detect(frames, run, signal);
  const plan = { kind: 'grid', spacing: { num: 1, den: 1 }, count: frames.length } as const;
  const video = { timeBase: { num: 1, den: 1 }, durationS: frames.length };
  return (await detector.conclude?.({ observations, plan, video, sourceMd5: '' }, run, signal)) ?? [];
}
