import { join } from 'node:path';
import { planSamples, sampleTimeS } from '../../src/domain/sample-plan.js';
import { decodeSegment } from '../../src/media/decode.js';
import { UnsafeSegmentError } from '../../src/media/errors.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import {
  allPictures,
  EXACT,
  FAST,
  framesOf,
  keyHashes,
  KEYFRAME,
  linearFrames,
  pictureOnScreen,
  planOf,
  segmentsAt,
  segmentsOf,
  type DecodedFrames,
  type Picture,
  type Planned,
  type SampleOptions,
} from '../support/decode-all.js';
import { clipDirectory, NEGATIVE, testPicture, vp8, x264 } from '../support/make-video.js';

const COCKATOO = join(__dirname, '../../samples/cockatoo.mp4');
const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});

const IRREGULAR = "select='gt(mod(n*7,11),4)'";
const makers: Record<string, () => string> = {
  'B-frames in MP4': () => clips.make('b.mp4', ...testPicture(), ...x264(30)),
  'B-frames in Matroska': () => clips.make('b.mkv', ...testPicture(), ...x264(30)),
  'B-frames in MPEG-TS, first timestamp 1.48 s': () => clips.make('b.ts', ...testPicture(), ...x264(30)),
  'B-frames in FLV': () => clips.make('b.flv', ...testPicture(), ...x264(30)),
  'open groups of pictures': () =>
    clips.make('open.mp4', ...testPicture(), ...x264(30, '-flags', '-cgop', '-x264opts', 'open-gop=1')),
  'variable frame rate': () =>
    clips.make('vfr.mp4', ...testPicture(), '-vf', IRREGULAR, '-fps_mode', 'vfr', ...x264(20)),
  'variable frame rate in Matroska': () =>
    clips.make('vfr.mkv', ...testPicture(), '-vf', IRREGULAR, '-fps_mode', 'vfr', ...x264(20)),
  'less than a frame a second': () => clips.make('slow.mp4', ...testPicture({ rate: '0.4', seconds: 30 }), ...x264(2)),
  'NTSC rate': () => clips.make('ntsc.mp4', ...testPicture({ rate: '30000/1001' }), ...x264(45)),
  'negative first timestamp': () => clips.make('negative.webm', ...testPicture(), ...vp8(40), ...NEGATIVE),
  'a jump of 20 s': () =>
    clips.make(
      'jump.mkv',
      ...testPicture(),
      '-vf',
      "setpts='PTS+if(gte(N,130),20/TB,0)'",
      '-fps_mode',
      'vfr',
      ...x264(30),
    ),
  'MPEG-4 part 2 in AVI': () => clips.make('asp.avi', ...testPicture(), '-c:v', 'mpeg4', '-g', '40'),
  'Theora in Ogg': () => clips.make('theora.ogv', ...testPicture(), '-c:v', 'libtheora', '-g', '40'),
  'every frame a key frame': () =>
    clips.make('intra.mov', ...testPicture({ seconds: 4 }), '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'),
};

/** Spacings that are no whole number of seconds. */
const SEVEN: SampleOptions = { ...EXACT, maxFrames: 7 };

/** Asked about more intervals and segments: where timestamps are plain and where they are not. */
const CLOSELY = ['B-frames in MP4', 'variable frame rate'];

/** Their seek points give errors or other pictures, which is found out; they are decoded in one pass. */
const UNSAFE = ['open groups of pictures', 'B-frames in MPEG-TS, first timestamp 1.48 s'];

function expectedHashes(pictures: readonly Picture[], { video, plan }: Planned): string[] {
  return Array.from({ length: plan.count }, (_, sample) => {
    const ticks = (sampleTimeS(plan, video.timeBase, sample) * video.timeBase.den) / video.timeBase.num;
    return pictureOnScreen(pictures, video.firstPts + ticks);
  });
}

describe.each(Object.keys(makers))('a video with %s', (name) => {
  let planned: Planned;
  let whole: DecodedFrames;
  beforeAll(async () => {
    planned = await planOf(makers[name]?.() ?? '');
    whole = await linearFrames(planned);
  });

  test('shows in each sample the picture on screen then, whatever the interval', async () => {
    const pictures = allPictures(planned.path, planned.video.streamIndex);
    for (const options of CLOSELY.includes(name) ? [EXACT, SEVEN, { ...EXACT, interval: 3 }] : [EXACT, SEVEN]) {
      const other = { ...planned, plan: planSamples(planned.video, options) };
      const { hashes, samples } = options === EXACT ? whole : await linearFrames(other);
      expect(samples).toEqual(Array.from({ length: other.plan.count }, (_, sample) => sample));
      expect(hashes).toEqual(expectedHashes(pictures, other));
    }
  });

  test('gives the same frames from one segment and from several, which prove one another safe, or is found unsafe', async () => {
    // 3 ask of every container what 2 and 7 ask.
    for (const count of CLOSELY.includes(name) ? [2, 7] : [3]) {
      const parts = Promise.all(segmentsOf(planned, count).map((segment) => framesOf(planned, segment)));
      if (UNSAFE.includes(name)) {
        await expect(parts).rejects.toThrow(UnsafeSegmentError);
        continue;
      }
      const decoded = await parts;
      expect(decoded.length).toBeGreaterThan(1);
      expect(decoded.flatMap(({ samples }) => samples)).toEqual(whole.samples);
      expect(decoded.flatMap(({ hashes }) => hashes)).toEqual(whole.hashes);
      const starts = decoded.slice(1).map(({ summary }) => summary.startDigest);
      expect(starts).toEqual(decoded.slice(0, -1).map(({ summary }) => summary.nextDigest));
    }
  });
});

describe('cockatoo.mp4, whose decoder needs to know what made the stream', () => {
  test('has 14 samples at one a second', async () => {
    const { plan } = await planOf(COCKATOO);
    expect(plan).toEqual({ kind: 'grid', spacing: { num: 1, den: 1 }, count: 14 });
  });

  let exactly: DecodedFrames;
  beforeAll(async () => {
    exactly = await linearFrames(await planOf(COCKATOO));
  });

  test.each([EXACT, FAST, KEYFRAME])('gives the same frames from segments when it is told: %j', async (options) => {
    const planned = await planOf(COCKATOO, options);
    expect(planned.video.x264Build).toBe(142);
    const whole = options === EXACT ? exactly : await linearFrames(planned);
    const segments = segmentsAt(planned, [38912, 74240]);
    const parts = [];
    for (const segment of segments) parts.push(await framesOf(planned, segment));
    expect(parts.flatMap(({ hashes }) => hashes)).toEqual(whole.hashes);
    expect(parts[1]?.summary.startDigest).toBe(parts[0]?.summary.nextDigest);
    expect(parts[2]?.summary.startDigest).toBe(parts[1]?.summary.nextDigest);
  });

  test('is found unsafe to seek in when it is not told', async () => {
    const planned = await planOf(COCKATOO);
    const untold = { ...planned, video: { ...planned.video, x264Build: null } };
    const segment = segmentsAt(planned, [38912, 74240])[1];
    if (segment === undefined) throw new Error('Expected a segment');
    await expect(framesOf(untold, segment)).rejects.toThrow(UnsafeSegmentError);
  });

  test('shows key frames at their own times in keyframe mode', async () => {
    const planned = await planOf(COCKATOO, KEYFRAME);
    expect(planned.plan).toEqual({ kind: 'keyframe', pts: [0, 38912, 74240], count: 3 });
    expect((await linearFrames(planned)).hashes).toEqual(keyHashes(COCKATOO));
  });

  test('takes any number of key frames in keyframe mode', async () => {
    const path = clips.make('long.mp4', ...testPicture({ rate: '2', seconds: 250 }), ...x264(2));
    const planned = await planOf(path, { ...KEYFRAME, maxFrames: 3600 });
    const { hashes } = await linearFrames(planned);
    expect(hashes).toHaveLength(250);
  });

  test('goes on from a later sample with the same frames', async () => {
    const planned = await planOf(COCKATOO);
    const segment = segmentsAt(planned, [38912, 74240])[1];
    if (segment === undefined) throw new Error('Expected a segment');
    const rest = await framesOf(planned, segment, segment.from + 2);
    expect(rest.samples[0]).toBe(segment.from + 2);
    expect(rest.hashes).toEqual(exactly.hashes.slice(segment.from + 2, segment.to));
    const none = await framesOf(planned, segment, segment.to);
    expect(none.hashes).toEqual([]);
    expect(none.summary.startDigest).toBe(rest.summary.startDigest);
  });
});

test('waits while no frame is released, and ends ffmpeg when the loop is left', async () => {
  const planned = await planOf(COCKATOO);
  const { path, video, plan } = planned;
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  const request = { path, video, plan, segment, from: 0, sampling: 'exact' as const, stallS: 4, tools: TOOLS_ON_PATH };
  const { frames, digests } = decodeSegment(request, { signal: AbortSignal.timeout(60_000) });
  let held = 0;
  for await (const frame of frames) {
    expect(frame.sample).toBe(held++);
    // Longer than the stall limit, which is longer than a busy machine takes to start ffmpeg: waiting for the reader is no stall.
    if (held === 3) await new Promise((resolve) => setTimeout(resolve, 5500));
    if (held === 5) break;
    frame.release();
  }
  await expect(digests).rejects.toThrow('no more frames were wanted');
});

test('ends with the reason of the signal', async () => {
  const { path, video, plan } = await planOf(COCKATOO);
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  const controller = new AbortController();
  const request = { path, video, plan, segment, from: 0, sampling: 'exact' as const, tools: TOOLS_ON_PATH };
  const { frames } = decodeSegment(request, { signal: controller.signal });
  const reading = (async () => {
    for await (const frame of frames) if (frame.sample === 1) controller.abort(new Error('enough'));
  })();
  await expect(reading).rejects.toThrow('enough');
});
