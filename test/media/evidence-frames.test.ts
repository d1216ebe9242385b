import { join } from 'node:path';
import type { WantedSample } from '../../src/domain/evidence-runs.js';
import type { ClassifiedVideo } from '../../src/media/classified-video.js';
import { decodeSegment } from '../../src/media/decode.js';
import { takeFrames, type SampleJpeg } from '../../src/media/evidence-frames.js';
import { frameToJpeg } from '../../src/media/image.js';
import { pictureDigest } from '../../src/media/picture-digest.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import { EXACT, KEYFRAME, planOf, segmentsAt, type SampleOptions } from '../support/decode-all.js';
import { clipDirectory, runFfmpeg, testPicture, x264 } from '../support/make-video.js';

const COCKATOO = join(__dirname, '../../samples/cockatoo.mp4');
const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});
const signal = AbortSignal.timeout(100_000);

/** A video and, of all its samples, the JPEG and the digest as one pass from the beginning gives them. */
interface Reference {
  video: ClassifiedVideo;
  pictures: Map<number, string>;
  jpegs: Map<number, Buffer>;
}

async function reference(path: string, keyFramePts: number[] = [], options: SampleOptions = EXACT): Promise<Reference> {
  const planned = await planOf(path, options);
  const segments = segmentsAt(planned, keyFramePts);
  const video: ClassifiedVideo = { ...planned, sampling: options.sampling, segments, tools: TOOLS_ON_PATH };
  const whole = { index: 0, from: 0, to: video.plan.count, startPts: null, nextStartPts: null };
  const found: Reference = { video, pictures: new Map(), jpegs: new Map() };
  for await (const frame of decodeSegment({ ...video, segment: whole, from: 0 }, { signal }).frames) {
    found.pictures.set(frame.sample, pictureDigest(frame));
    found.jpegs.set(frame.sample, (await frameToJpeg(frame)).bytes);
    frame.release();
  }
  return found;
}

const wanted = (samples: number[]): WantedSample[] => samples.map((sample) => ({ sample }));

/** The samples of the frames, once it is sure that each is the very one that was classified. */
function sameAs({ jpegs }: Reference, frames: readonly SampleJpeg[]): number[] {
  for (const { sample, bytes } of frames) expect(jpegs.get(sample)?.equals(bytes)).toBe(true);
  return frames.map(({ sample }) => sample);
}

/** The parrot in one segment. */
const WHOLE = [{ index: 0, from: 0, to: 14, startPts: null, nextStartPts: null }];

let parrot: Reference;
beforeAll(async () => {
  parrot = await reference(COCKATOO, [74240]);
});

test('frames far apart are the very ones that were classified, each from the key frame before it', async () => {
  const { video, pictures } = parrot;
  const taken = await takeFrames({ ...video, segments: WHOLE }, wanted([13, 2]), { signal, pictures });
  expect(sameAs(parrot, taken)).toEqual([2, 13]);
  expect(taken.map(({ startPts }) => startPts)).toEqual([null, 74240]);
  expect(taken[1]).toMatchObject({ widthPx: 1280, heightPx: 720 });
});

test('frames without a known picture come from the starts of segments', async () => {
  const taken = await takeFrames(parrot.video, wanted([2, 5, 9]), { signal });
  expect(sameAs(parrot, taken)).toEqual([2, 5, 9]);
  expect(taken.map(({ startPts }) => startPts)).toEqual([null, null, 74240]);
});

test('where a key frame gives other pictures the frames come from the starts of segments', async () => {
  // Without the build of its x264 this stream decodes to other pictures from its key frames, and no exit code tells.
  const trap = { ...parrot.video, video: { ...parrot.video.video, x264Build: null } };
  const taken = await takeFrames({ ...trap, segments: WHOLE }, wanted([9, 13]), { signal, pictures: parrot.pictures });
  expect(sameAs(parrot, taken)).toEqual([9, 13]);
  expect(taken.map(({ startPts }) => startPts)).toEqual([null, null]);
});

test('a picture that was another one when it was classified is believed only from a proven start', async () => {
  const pictures = new Map(parrot.pictures).set(9, '0123456789abcdef');
  const taken = await takeFrames(parrot.video, wanted([2, 9]), { signal, pictures });
  expect(sameAs(parrot, taken)).toEqual([2, 9]);
  expect(taken[1]).toMatchObject({ sample: 9, startPts: 74240 });
});

test('a decoder that has to begin earlier does, so that a clip may begin where it did', async () => {
  const { video, pictures } = parrot;
  const taken = await takeFrames(video, [{ sample: 13, beginS: 8 }], { signal, pictures });
  expect(sameAs(parrot, taken)).toEqual([13]);
  const { timeBase } = video.video;
  expect(((taken[0]?.startPts ?? 0) * timeBase.num) / timeBase.den).toBeLessThanOrEqual(8);
});

test('in keyframe mode the key frames themselves are found again', async () => {
  const path = clips.make('keys.mp4', ...testPicture({ seconds: 30 }), ...x264(50));
  const keys = await reference(path, [], KEYFRAME);
  const taken = await takeFrames(keys.video, wanted([1, 12]), { signal, pictures: keys.pictures });
  expect(sameAs(keys, taken)).toEqual([1, 12]);
});

test('with open groups of pictures and timestamps of any kind the frames are the same', async () => {
  const path = clips.path + '/open.mkv';
  const open = ['-x264-params', 'open-gop=1:keyint=40:min-keyint=40:bframes=3', '-output_ts_offset', '2.7'];
  runFfmpeg('-y', ...testPicture({ seconds: 20 }), '-c:v', 'libx264', '-pix_fmt', 'yuv420p', ...open, path);
  const video = await reference(path);
  const samples = [1, 4, 8, 11, 15, 19];
  const taken = await takeFrames(video.video, wanted(samples), { signal, pictures: video.pictures });
  expect(sameAs(video, taken)).toEqual(samples);
});

test('frames of a stream that cannot be sought are taken in one pass', async () => {
  const counted = await reference(clips.make('counted.avi', ...testPicture({ seconds: 6 }), ...x264(25)));
  expect(counted.video.video.timeline).toBe('counted');
  const { video, pictures } = counted;
  expect(sameAs(counted, await takeFrames(video, wanted([1, 4]), { signal, pictures }))).toEqual([1, 4]);
});

test('frames of a large picture are brought to 1280 px', async () => {
  const large = await reference(
    clips.make('large.mp4', ...testPicture({ size: '1920x1080', seconds: 1 }), ...x264(25)),
  );
  const [frame] = await takeFrames(large.video, wanted([0]), { signal });
  expect(frame).toMatchObject({ sample: 0, widthPx: 1280, heightPx: 720 });
});

test('an aborted signal ends the decoders with its reason', async () => {
  const { video, pictures } = parrot;
  const reason = new Error('No more wanted.');
  const taking = takeFrames(video, wanted([5, 9, 13]), { signal: AbortSignal.abort(reason), pictures });
  await expect(taking).rejects.toBe(reason);
});
