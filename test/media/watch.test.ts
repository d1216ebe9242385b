import { decodeSegment } from '../../src/media/decode.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import { MissingFilterError, WATCH_FILTERS } from '../../src/media/watch-filters.js';
import type { Segment } from '../../src/schema/plan.js';
import type { WatchedPictures } from '../../src/schema/watched.js';
import {
  allPictures,
  EXACT,
  FAST,
  framesOf,
  KEYFRAME,
  planOf,
  segmentsOf,
  type Planned,
} from '../support/decode-all.js';
import { fakeProgram } from '../support/fake-program.js';
import { samplePath } from '../support/installation.js';
import { clipDirectory, testPicture, x264 } from '../support/make-video.js';

const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});
const clip = clips.make('b.mp4', ...testPicture(), ...x264(40, '-bf', '3'));

/** Decodes a segment while every picture is measured. */
async function watch(planned: Planned, segment: Segment, from = segment.from) {
  const { path, video, plan, options } = planned;
  const request = { path, video, plan, segment, from, sampling: options.sampling, watch: true, tools: TOOLS_ON_PATH };
  const { frames, digests } = decodeSegment(request, { signal: AbortSignal.timeout(120_000) });
  const samples: number[] = [];
  for await (const frame of frames) {
    samples.push(frame.sample);
    frame.release();
  }
  return { samples, watched: (await digests).watched! };
}

function whole({ plan }: Planned): Segment {
  return { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
}

test.each([
  ['exact', EXACT],
  ['fast', FAST],
  ['keyframe', KEYFRAME],
])('in sampling mode %s frames and digests are the same whether pictures are watched or not', async (_, options) => {
  const planned = await planOf(clip, options);
  const segments = segmentsOf(planned, 3);
  expect(segments).toHaveLength(3);
  for (const segment of segments) {
    const plain = await framesOf(planned, segment);
    const watched = await framesOf(planned, segment, segment.from, true);
    expect(watched.samples).toEqual(plain.samples);
    expect(watched.hashes).toEqual(plain.hashes);
    expect({ ...watched.summary, watched: null }).toEqual(plain.summary);
  }
});

test.each([
  ['an MP4', () => clip],
  ['a WebM that begins below zero', () => samplePath('display-dual-monitors.webm')],
])('every picture of %s is measured once, at its own time', async (_, path) => {
  const planned = await planOf(path(), FAST);
  const { timeBase, firstPts } = planned.video;
  const { watched } = await watch(planned, whole(planned));
  const times = allPictures(path()).map(({ pts }) => ((pts - firstPts) * timeBase.num) / timeBase.den);
  expect(watched.timesS).toEqual(times);
  expect(watched.luma).toHaveLength(times.length);
  expect(watched.change.slice(1).every((by) => by > 0)).toBe(true);
  expect(watched.black).toEqual(times.map(() => false));
  expect(watched.blur.length).toBeGreaterThanOrEqual(Math.floor(times.at(-1)! * 2));
});

test('segments measure what the whole measures, and share the picture at which they meet', async () => {
  const planned = await planOf(clip, FAST);
  const { watched: expected } = await watch(planned, whole(planned));
  const parts: WatchedPictures[] = [];
  for (const segment of segmentsOf(planned, 3)) parts.push((await watch(planned, segment)).watched);
  const joined = <T>(of: (part: WatchedPictures) => T[]): T[] =>
    parts.flatMap((part, index) => of(part).slice(index === 0 ? 0 : 1));
  expect(joined(({ timesS }) => timesS)).toEqual(expected.timesS);
  expect(joined(({ luma }) => luma)).toEqual(expected.luma);
  expect(joined(({ change }) => change)).toEqual(expected.change);
});

test('an attempt that has nothing left to decode measures all of its segment', async () => {
  const planned = await planOf(clip, FAST);
  const [, segment] = segmentsOf(planned, 3);
  const first = await watch(planned, segment!);
  const again = await watch(planned, segment!, segment!.to);
  expect(again.samples).toEqual([]);
  expect(again.watched).toEqual(first.watched);
});

test('pictures behind the last sample wanted are not measured', async () => {
  const planned = await planOf(clip, { ...EXACT, maxFrames: 5, coverage: 'head' });
  const { watched } = await watch(planned, whole(planned));
  expect(watched.timesS.at(-1)).toBeCloseTo(4.96, 3);
});

test('pictures without usable times are measured by their number', async () => {
  const planned = await planOf(samplePath('movie-hello.mpeg'), FAST);
  expect(planned.video.timeline).toBe('counted');
  const { watched } = await watch(planned, whole(planned));
  expect(watched.timesS).toHaveLength(planned.video.frameCount);
  expect(watched.timesS[30]).toBeCloseTo(1.001, 6);
});

test('an ffmpeg that cannot measure says which filters it lacks', async () => {
  const planned = await planOf(clip, FAST);
  const { path, video, plan } = planned;
  const tools = { ...TOOLS_ON_PATH, ffmpegPath: fakeProgram(clips.path, 'ffmpeg', 'echo Unknown filter') };
  const request = {
    path,
    video,
    plan,
    segment: whole(planned),
    from: 0,
    sampling: 'fast' as const,
    watch: true,
    tools,
  };
  const { frames } = decodeSegment(request, { signal: AbortSignal.timeout(60_000) });
  const failure = await frames[Symbol.asyncIterator]()
    .next()
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(MissingFilterError);
  expect((failure as MissingFilterError).filters).toEqual([...WATCH_FILTERS]);
});
