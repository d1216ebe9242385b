import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { planSamples, firstSampleAt } from '../../src/domain/sample-plan.js';
import { decodeSamples } from '../../src/media/decode-samples.js';
import type { DecodeSummary } from '../../src/media/decode-pass.js';
import { probe } from '../../src/media/probe.js';
import { TOOLS_ON_PATH, type MediaTools } from '../../src/media/tools.js';
import type { FrameFormat } from '../../src/schema/frame.js';
import type { ModerationOptions } from '../../src/schema/options.js';
import type { SamplePlan, Segment } from '../../src/schema/plan.js';
import type { VideoInfo } from '../../src/schema/video.js';
import { runFfmpeg, runFfprobe } from './make-video.js';

export type SampleOptions = Pick<ModerationOptions, 'interval' | 'maxFrames' | 'coverage' | 'sampling'>;
export const EXACT: SampleOptions = { interval: 1, maxFrames: 200, coverage: 'whole', sampling: 'exact' };
export const FAST: SampleOptions = { ...EXACT, sampling: 'fast' };
export const KEYFRAME: SampleOptions = { ...EXACT, sampling: 'keyframe' };

/** A decoded picture by its timestamp in ticks and the MD5 of its bytes. */
export interface Picture {
  pts: number;
  hash: string;
}

export interface Planned {
  path: string;
  video: VideoInfo;
  plan: SamplePlan;
  options: SampleOptions;
  /** Absent: those on PATH, decoding on the caller's thread. */
  tools?: MediaTools;
}

/** What was worked out of a file as it is: starting ffprobe or ffmpeg once more takes longer than what they do with a clip. */
const known = new Map<string, unknown>();

function once<Answer>(what: string, path: string, work: () => Answer): Answer {
  const { ino, size, mtimeMs } = statSync(path);
  const key = `${what} ${path} ${ino} ${size} ${mtimeMs}`;
  if (!known.has(key)) known.set(key, work());
  return known.get(key) as Answer;
}

export async function planOf(path: string, options: SampleOptions = EXACT): Promise<Planned> {
  const { interval, maxFrames, coverage } = options;
  const video = await once(`video at ${interval} ${maxFrames} ${coverage}`, path, () =>
    probe(path, options, { tools: TOOLS_ON_PATH, signal: AbortSignal.timeout(60_000) }),
  );
  return { path, video: structuredClone(video), plan: planSamples(video, options), options };
}

/** Up to `count` segments that begin at key frames, as equal in samples as those allow. */
export function segmentsOf({ video, plan }: Pick<Planned, 'video' | 'plan'>, count: number): Segment[] {
  const cuts: { pts: number; sample: number }[] = [];
  for (const pts of video.keyFramePts) {
    const sample = firstSampleAt(plan, video.timeBase, pts);
    const due = (plan.count * (cuts.length + 1)) / count;
    if (sample >= due && sample < plan.count && sample > (cuts.at(-1)?.sample ?? 0)) cuts.push({ pts, sample });
  }
  return segmentsAt(
    { video, plan },
    cuts.map(({ pts }) => pts),
  );
}

/** Segments that begin at these key frames. */
export function segmentsAt(
  { video, plan }: Pick<Planned, 'video' | 'plan'>,
  keyFramePts: readonly number[],
): Segment[] {
  const sampleAt = (pts: number | undefined): number | undefined =>
    pts === undefined ? undefined : firstSampleAt(plan, video.timeBase, pts);
  return Array.from({ length: keyFramePts.length + 1 }, (_, index) => ({
    index,
    from: sampleAt(keyFramePts[index - 1]) ?? 0,
    to: sampleAt(keyFramePts[index]) ?? plan.count,
    startPts: keyFramePts[index - 1] ?? null,
    nextStartPts: keyFramePts[index] ?? null,
  }));
}

export interface DecodedFrames {
  samples: number[];
  /** MD5 of each frame. */
  hashes: string[];
  widthPx: number;
  heightPx: number;
  format: FrameFormat;
  summary: DecodeSummary;
  /** Copy of the first frame. */
  first: Buffer;
}

/** All frames of one segment, with every picture measured on the way where `watch` says so. */
export async function framesOf(
  planned: Planned,
  segment: Segment,
  from = segment.from,
  watch = false,
): Promise<DecodedFrames> {
  const { path, video, plan, options, tools = TOOLS_ON_PATH } = planned;
  const request = { path, video, plan, segment, from, watch, sampling: options.sampling, tools };
  const { frames, digests } = decodeSamples(request, { signal: AbortSignal.timeout(60_000) });
  const all: Omit<DecodedFrames, 'summary'> = {
    samples: [],
    hashes: [],
    widthPx: 0,
    heightPx: 0,
    format: 'rgb24',
    first: Buffer.alloc(0),
  };
  for await (const frame of frames) {
    all.samples.push(frame.sample);
    all.hashes.push(createHash('md5').update(frame.data).digest('hex'));
    if (all.samples.length === 1) all.first = Buffer.from(frame.data);
    Object.assign(all, { widthPx: frame.widthPx, heightPx: frame.heightPx, format: frame.format });
    frame.release();
  }
  return { ...all, summary: await digests };
}

/** The whole plan in one linear pass. */
export async function linearFrames(planned: Planned): Promise<DecodedFrames> {
  return await framesOf(planned, { index: 0, from: 0, to: planned.plan.count, startPts: null, nextStartPts: null });
}

/** Timestamp and MD5 of every picture of a stream, worked out without any of the code under test. */
export function allPictures(path: string, stream = 0): readonly Picture[] {
  return once(`pictures of ${stream}`, path, () => readPictures(path, stream));
}

function readPictures(path: string, stream: number): Picture[] {
  const pts = runFfprobe(
    ...['-select_streams', `${stream}`, '-show_entries', 'frame=best_effort_timestamp', '-of', 'csv=p=0', path],
  )
    .split('\n')
    .filter((line) => /\d/.test(line))
    .map((line) => Number(line.split(',')[0]));
  const hashes = allHashes(path, stream);
  if (pts.length !== hashes.length)
    throw new Error(`Expected as many pictures as times, got ${hashes.length} and ${pts.length}.`);
  return pts.map((at, index) => ({ pts: at, hash: hashes[index] ?? '' }));
}

/** MD5 of every picture of a stream in its order. */
export function allHashes(path: string, stream = 0): readonly string[] {
  return once(`hashes of ${stream}`, path, () => readHashes(path, stream));
}

/** MD5 of every key frame of a file's first stream in its order. */
export function keyHashes(path: string): readonly string[] {
  return readHashes(path, 0, '-skip_frame', 'nokey');
}

function readHashes(path: string, stream: number, ...input: string[]): string[] {
  const all = ['-map', `0:${stream}`, '-fps_mode', 'passthrough', '-f', 'framemd5', '-'];
  return runFfmpeg(...input, '-noautorotate', '-i', path, ...all)
    .toString()
    .split('\n')
    .flatMap((line) => /([0-9a-f]{32})$/.exec(line)?.[1] ?? []);
}

/** By the rule alone: the last picture with pts ≤ t, else the first. */
export function pictureOnScreen(pictures: readonly Picture[], atPts: number): string {
  return (pictures.filter(({ pts }) => pts <= atPts + 1e-6).at(-1) ?? pictures[0])?.hash ?? '';
}
