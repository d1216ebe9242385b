import { cpus, loadavg } from 'node:os';
import { classify } from '../src/detectors/cascade.js';
import type { Detector, DetectorRun } from '../src/detectors/detector.js';
import { createDetectors, detectorInfos } from '../src/detectors/registry.js';
import { planSamples } from '../src/domain/sample-plan.js';
import { decodeSegment } from '../src/media/decode.js';
import { probe } from '../src/media/probe.js';
import { loadPolicy } from '../src/policy.js';
import type { Frame } from '../src/schema/frame.js';
import type { Observation } from '../src/schema/observation.js';
import { DEFAULT_SCENES, SCENES } from '../src/schema/scene.js';
import { line, table } from './reference/report.js';
import { cpuOfChildren, cpuOfProcess } from './speed/programs.js';

const CLIPS = [
  'cockatoo.mp4',
  'chair-orig-22-sd-bar.mp4',
  'phone-1080p.mp4',
  'movie-hello.mpeg',
  'grand-prix-1906.ogv',
];
const TOOLS = { ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe', childrenDir: '.cache/scenes', workDir: '.cache/scenes' };
const TARGET = 1.3;
const never = new AbortController().signal;

/** CPU seconds of this process and of what it started and has ended. */
const cpuNow = (): number => cpuOfProcess('self') + cpuOfChildren();

/**
 * Prints what each detector costs on one frame, alone and on one thread, and for each video what the default scenes cost together beside the sum of their parts: one decode,
 * and every detector on the frames that the cascade sends it. All in CPU time, which other programs disturb less than the clock's.
 */
export async function main(): Promise<void> {
  line(
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}; load ${loadavg()[0]?.toFixed(1)}.`,
  );
  const set = await createDetectors({ threads: 1 });
  const run: DetectorRun = { sourceDigest: '', ...(await loadPolicy()), scenes: SCENES, banks: [] };
  const names = new Set((await detectorInfos(DEFAULT_SCENES)).map(({ name }) => name));
  const together = set.detectors.filter(({ name }) => names.has(name));
  const costs = new Map<string, number[]>(set.detectors.map(({ name }) => [name, []]));
  const rows: (string | number)[][] = [
    ['video', 'samples', 'decode, CPU s', 'detectors alone', 'together', '× the sum', `target ${TARGET}`],
  ];
  try {
    for (const clip of CLIPS) {
      const path = `samples/${clip}`;
      const frames = await framesOf(path);
      await classify(frames.slice(0, 1), set.detectors, run, never);
      const decodeS = await costOf(() => drain(path, () => Promise.resolve()));
      const alone = await aloneOf(set.detectors, frames, run);
      for (const [name, { perFrameMs }] of alone) costs.get(name)?.push(perFrameMs);
      const detectorsS = together.reduce((sum, { name }) => sum + (alone.get(name)?.askedS ?? 0), 0);
      const togetherRun = { ...run, scenes: DEFAULT_SCENES };
      const wholeS = await costOf(() =>
        drain(path, async (frame) => {
          await classify([frame], together, togetherRun, never);
        }),
      );
      const ratio = wholeS / (decodeS + detectorsS);
      rows.push([
        clip,
        frames.length,
        decodeS.toFixed(2),
        detectorsS.toFixed(2),
        wholeS.toFixed(2),
        ratio.toFixed(2),
        ratio <= TARGET ? 'met' : 'NOT met',
      ]);
    }
  } finally {
    await set.close();
  }
  line('One frame, alone, on one thread (no banks loaded):');
  table([
    ['detector', 'CPU ms a frame', 'least', 'most'],
    ...[...costs].map(([name, each]) => [
      name,
      mean(each).toFixed(1),
      Math.min(...each).toFixed(1),
      Math.max(...each).toFixed(1),
    ]),
  ]);
  line();
  line(`The default scenes (${DEFAULT_SCENES.join(', ')}) together:`);
  table(rows);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function costOf(work: () => Promise<unknown>): Promise<number> {
  const before = cpuNow();
  await work();
  return cpuNow() - before;
}

/** What each detector costs on a frame, and on those frames that the cascade would send it. */
async function aloneOf(
  detectors: readonly Detector[],
  frames: readonly Frame[],
  run: DetectorRun,
): Promise<Map<string, { perFrameMs: number; askedS: number }>> {
  const seen = await classify(frames, detectors, run, never);
  const costs = new Map<string, { perFrameMs: number; askedS: number }>();
  for (const detector of detectors) {
    const { name, runIf } = detector;
    const asked = frames.filter(({ sample }) => runIf?.(sample, of(seen, sample), run) ?? true);
    const onAll = await costOf(async () => {
      for (const frame of frames) await detector.detect([frame], run, never);
    });
    costs.set(name, { perFrameMs: (onAll * 1000) / frames.length, askedS: (onAll * asked.length) / frames.length });
  }
  return costs;
}

const of = (observations: readonly Observation[], sample: number): Observation[] =>
  observations.filter((seen) => seen.sample === sample);

/** Copies of the frames of all samples, one a second. */
async function framesOf(path: string): Promise<Frame[]> {
  const frames: Frame[] = [];
  await drain(path, (frame) => {
    const data = new Uint8Array(new SharedArrayBuffer(frame.data.length));
    data.set(frame.data);
    frames.push({ ...frame, data, release: () => undefined });
    return Promise.resolve();
  });
  return frames;
}

/** Decodes the samples of a video in one pass on one thread and does this with each frame. */
async function drain(path: string, work: (frame: Frame) => Promise<void>): Promise<void> {
  const options = { interval: 1, maxFrames: 200, coverage: 'whole' as const, sampling: 'exact' as const };
  const video = await probe(path, options, { tools: TOOLS, signal: never });
  const plan = planSamples(video, options);
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  const request = { path, video, plan, segment, sampling: options.sampling, from: 0, tools: TOOLS };
  const { frames, digests } = decodeSegment(request, { signal: never });
  for await (const frame of frames) {
    await work(frame);
    frame.release();
  }
  await digests;
}
