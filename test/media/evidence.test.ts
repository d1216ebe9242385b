import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassifiedVideo } from '../../src/media/classified-video.js';
import { CLIP_FORMATS } from '../../src/media/clip-formats.js';
import { makeClip, type Clip, type MakeClipOptions } from '../../src/media/evidence.js';
import { FfmpegError } from '../../src/media/ffmpeg-errors.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import { EXACT, planOf, segmentsAt } from '../support/decode-all.js';
import { clipDirectory, runFfprobe, testPicture, turnClockwise, x264 } from '../support/make-video.js';

const COCKATOO = join(__dirname, '../../samples/cockatoo.mp4');
const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});
const signal = AbortSignal.timeout(100_000);

async function classified(path: string, keyFramePts: number[] = []): Promise<ClassifiedVideo> {
  const planned = await planOf(path, EXACT);
  return {
    ...planned,
    sampling: 'exact',
    segments: segmentsAt(planned, keyFramePts),
    tools: { ...TOOLS_ON_PATH, workDir: clips.path },
  };
}

/** The clip, which the ffmpeg of the tests can make. */
async function clipOf(
  ...[video, span, options = { signal }]: [ClassifiedVideo, Span, MakeClipOptions?]
): Promise<Clip> {
  const clip = await makeClip(video, span, options);
  if (clip === null) throw new Error('The tests need an ffmpeg with libx264 and libvpx-vp9: that of Debian has both.');
  return clip;
}
interface Span {
  startS: number;
  endS: number;
}

describe('a clip', () => {
  const entries = 'stream=codec_name,profile,pix_fmt,width,height,sample_aspect_ratio,duration,nb_frames';
  function streamsOf(bytes: Buffer): Record<string, string>[] {
    const path = clips.write('clip.mp4', bytes);
    const { streams } = JSON.parse(runFfprobe('-show_entries', entries, '-of', 'json', path)) as {
      streams: Record<string, string>[];
    };
    return streams;
  }

  test('is of the kind that every browser plays, with its sound, and begins where it should', async () => {
    const video = await classified(COCKATOO, [38912]);
    const before = readdirSync(clips.path);
    const { bytes, ...clip } = await clipOf(video, { startS: 5.5, endS: 7.5 }, { signal });
    expect(readdirSync(clips.path)).toEqual(before);
    expect(clip).toEqual({ widthPx: 960, heightPx: 540, contentType: 'video/mp4' });
    // The index comes before the media: playing starts before the whole clip has arrived.
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    const [picture, sound] = streamsOf(bytes);
    expect(picture).toMatchObject({ codec_name: 'h264', profile: 'High', pix_fmt: 'yuv420p', nb_frames: '40' });
    expect(sound).toMatchObject({ codec_name: 'aac' });
    expect(Number(picture?.['duration'])).toBeCloseTo(2, 1);
    expect(Number(sound?.['duration'])).toBeCloseTo(2, 1);
    // From wherever it is decoded it is the same.
    const nearer = await clipOf({ ...video, segments: [] }, { startS: 5.5, endS: 7.5 }, { signal, provenPts: [38912] });
    expect(nearer.bytes.equals(bytes)).toBe(true);
  });

  test('is VP9 and Opus where ffmpeg has no x264, and the same bytes each time', async () => {
    const webm = { signal, formats: CLIP_FORMATS.slice(1) };
    const video = await classified(COCKATOO, [38912]);
    const { bytes, ...clip } = await clipOf(video, { startS: 5.5, endS: 7.5 }, webm);
    expect(clip).toEqual({ widthPx: 960, heightPx: 540, contentType: 'video/webm' });
    const [picture, sound] = streamsOf(bytes);
    expect(picture).toMatchObject({ codec_name: 'vp9', profile: 'Profile 0', pix_fmt: 'yuv420p', width: 960 });
    expect(sound).toMatchObject({ codec_name: 'opus' });
    const times = runFfprobe(
      '-select_streams',
      'v',
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
      clips.path + '/clip.mp4',
    );
    expect(times.trim().split('\n').length).toBe(40);
    // The index (cues) before the first cluster.
    expect(bytes.indexOf('1c53bb6b', 0, 'hex')).toBeLessThan(bytes.indexOf('1f43b675', 0, 'hex'));
    expect((await clipOf(video, { startS: 5.5, endS: 7.5 }, webm)).bytes.equals(bytes)).toBe(true);
  });

  test('is not made where ffmpeg has the encoders of no format, and that is no failure', async () => {
    const formats = CLIP_FORMATS.map((format) => ({ ...format, encoders: ['libx264', 'libnothing'] as const }));
    const video = await classified(COCKATOO);
    expect(await makeClip(video, { startS: 0, endS: 1 }, { signal, formats })).toBeNull();
  });

  test('shows a slide that stands still, upright, in square pixels, fitted and without sound', async () => {
    const slides = testPicture({ size: '966x970', rate: '0.2', seconds: 20 });
    const path = clips.make('slides.mp4', ...slides, ...x264(1), '-aspect', '1932:970');
    turnClockwise(path);
    const { bytes, ...clip } = await clipOf(await classified(path), { startS: 6, endS: 9 }, { signal });
    expect(clip).toMatchObject({ widthPx: 482, heightPx: 960 });
    const streams = streamsOf(bytes);
    expect(streams.length).toBe(1);
    expect(streams[0]).toMatchObject({ width: 482, height: 960, sample_aspect_ratio: '1:1', nb_frames: '15' });
  });

  test('of a stream without timestamps is cut by the count of its frames', async () => {
    const video = await classified(clips.make('b.avi', ...testPicture({ seconds: 6 }), ...x264(25)));
    expect(video.video.timeline).toBe('counted');
    const { bytes } = await clipOf(video, { startS: 2, endS: 4 }, { signal });
    expect(streamsOf(bytes)[0]).toMatchObject({ nb_frames: '50' });
  });

  test('is never longer than a minute, and never empty', async () => {
    const video = await classified(clips.make('long.mp4', ...testPicture({ rate: '2', seconds: 90 }), ...x264(20)));
    const { bytes } = await clipOf(video, { startS: 10, endS: 85 }, { signal });
    expect(Number(streamsOf(bytes)[0]?.['duration'])).toBeCloseTo(60, 0);
    await expect(makeClip(video, { startS: 5, endS: 5 }, { signal })).rejects.toThrow(RangeError);
  });

  test('that cannot be made leaves nothing behind', async () => {
    const video = await classified(COCKATOO);
    const before = readdirSync(clips.path);
    const gone = { ...video, path: join(clips.path, 'gone.mp4') };
    await expect(makeClip(gone, { startS: 0, endS: 1 }, { signal })).rejects.toThrow(FfmpegError);
    expect(readdirSync(clips.path)).toEqual(before);
  });
});
