import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { probe } from '../../src/media/probe.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import type { VideoInfo } from '../../src/schema/video.js';
import { PARROT } from '../support/clips.js';
import { fakeProgram } from '../support/fake-program.js';
import {
  clipDirectory,
  damage,
  NEGATIVE,
  runFfprobe,
  testPicture,
  turnClockwise,
  vp8,
  x264,
} from '../support/make-video.js';

const SAMPLES = join(__dirname, '../../samples');
const OPTIONS = { interval: 1, maxFrames: 200, coverage: 'whole' } as const;
const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});

function probed(path: string, options: Partial<Record<'interval' | 'maxFrames', number>> = {}): Promise<VideoInfo> {
  return probe(path, { ...OPTIONS, ...options }, { tools: TOOLS_ON_PATH, signal: AbortSignal.timeout(60_000) });
}

describe('the stream that a player shows is chosen', () => {
  test('the one marked as default before a larger one', async () => {
    const inputs = [...testPicture({ size: '320x240', seconds: 1 }), ...testPicture({ size: '160x120', seconds: 1 })];
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1', '-map', '2', '-map', '0', '-map', '1'];
    const path = clips.make(
      'two.mkv',
      ...inputs,
      ...sound,
      ...x264(25),
      '-disposition:v:0',
      '0',
      '-disposition:v:1',
      'default',
    );
    expect(await probed(path)).toMatchObject({ streamIndex: 2, widthPx: 160, heightPx: 120 });
  });

  test('the moving one and not the cover', async () => {
    const inputs = [
      ...testPicture({ size: '320x240', seconds: 0.04 }),
      ...testPicture({ size: '160x120', seconds: 1 }),
    ];
    const codecs = ['-map', '0', '-map', '1', '-c:v:0', 'mjpeg', '-pix_fmt:v:0', 'yuvj420p', '-c:v:1', 'mpeg4'];
    const path = clips.make('cover.mp4', ...inputs, ...codecs, '-disposition:v:0', 'attached_pic');
    expect(await probed(path)).toMatchObject({ codec: 'mpeg4', widthPx: 160 });
  });
});

describe('times', () => {
  test('are measured from the first frame to the end of the last', async () => {
    expect(await probed(join(SAMPLES, 'cockatoo.mp4'))).toMatchObject({
      timeline: 'source',
      firstPts: 0,
      durationPts: 143360,
      durationS: 14,
      frameCount: 280,
      frameRate: 20,
      keyFramePts: [0, 38912, 74240],
      x264Build: 142,
      damaged: false,
    });
  });

  test('do not depend on where the timestamps begin', async () => {
    const make = (file: string, ...more: string[]): string =>
      clips.make(file, ...testPicture({ seconds: 4 }), ...vp8(50), ...more);
    const plain = await probed(make('plain.webm'));
    const late = await probed(make('late.webm', '-output_ts_offset', '7.5'));
    const early = await probed(make('early.webm', ...NEGATIVE));
    expect([plain.firstPts, late.firstPts, early.firstPts]).toEqual([0, 7500, -700]);
    for (const video of [plain, late, early]) {
      expect(video).toMatchObject({ durationS: 4, frameCount: 100, keyFramePts: [0, 2000] });
    }
  });

  test('leave out what an edit list cuts off', async () => {
    const whole = clips.make('whole.mp4', ...testPicture(), ...x264(50));
    const cut = clips.make('cut.mp4', '-ss', '3', '-i', whole, '-c', 'copy');
    const flags = runFfprobe('-select_streams', 'v', '-show_entries', 'packet=flags', '-of', 'csv=p=0', cut);
    expect(flags).toContain('D');
    expect(await probed(cut)).toMatchObject({ frameCount: 175, durationS: 7 });
  });

  test('are counted where timestamps are missing', async () => {
    const stream = clips.make('raw.h264', ...testPicture({ seconds: 4 }), ...x264(25));
    const avi = clips.make('b.avi', ...testPicture({ seconds: 4 }), ...x264(25));
    for (const path of [stream, avi]) {
      expect(await probed(path)).toMatchObject({
        timeline: 'counted',
        firstPts: 0,
        durationPts: 100,
        durationS: 4,
        frameRate: 25,
      });
    }
  });

  test('are counted where timestamps run backwards, or jump in a stream whose clock may break', async () => {
    const make = (file: string, offset: string): Buffer =>
      readFileSync(clips.make(file, ...testPicture({ seconds: 2 }), ...x264(25), '-output_ts_offset', offset));
    const [late, early] = [make('one.ts', '500'), make('two.ts', '20')];
    for (const parts of [
      [late, early],
      [early, late],
    ])
      expect(await probed(clips.write('back.ts', Buffer.concat(parts)))).toMatchObject({
        timeline: 'counted',
        durationPts: 100,
        durationS: 4,
      });
  });

  test('of one frame last as long as the frame', async () => {
    expect(await probed(clips.make('one.mp4', ...testPicture(), '-frames:v', '1', ...x264(25)))).toMatchObject({
      frameCount: 1,
      durationS: 0.04,
      keyFramePts: [0],
    });
  });

  test('of key frames are the first in each spacing', async () => {
    const path = clips.make('intra.mov', ...testPicture({ seconds: 4 }), '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p');
    const seconds = (video: VideoInfo): number[] =>
      video.keyFramePts.map((pts) => (pts * video.timeBase.num) / video.timeBase.den);
    expect(seconds(await probed(path))).toEqual([0, 1, 2, 3]);
    expect(seconds(await probed(path, { interval: 2 }))).toEqual([0, 2]);
  });
});

describe('pictures', () => {
  test('have their size as displayed, after a quarter turn', async () => {
    const path = clips.make('turned.mp4', ...testPicture({ size: '160x120', seconds: 1 }), ...x264(25));
    turnClockwise(path);
    expect(await probed(path)).toMatchObject({ widthPx: 120, heightPx: 160, rotationDeg: 90 });
  });

  test('are known to be interlaced, or not', async () => {
    const flags = ['-vf', 'interlace', '-flags', '+ilme+ildct', '-x264opts', 'tff=1'];
    const path = clips.make('interlaced.mp4', ...testPicture({ rate: '50', seconds: 2 }), ...x264(25), ...flags);
    expect((await probed(path)).interlaced).toBe(true);
    expect((await probed(join(SAMPLES, 'cockatoo.mp4'))).interlaced).toBe(false);
  });

  test('have the colours that the stream declares', async () => {
    const colour = [
      '-color_primaries',
      'bt2020',
      '-color_trc',
      'smpte2084',
      '-colorspace',
      'bt2020nc',
      '-color_range',
      'tv',
    ];
    const path = clips.make(
      'hdr.mp4',
      ...testPicture({ seconds: 1 }),
      ...x264(25, '-pix_fmt', 'yuv420p10le'),
      ...colour,
    );
    expect(await probed(path)).toMatchObject({
      pixelFormat: 'yuv420p10le',
      colour: { matrix: 'bt2020nc', range: 'tv', transfer: 'smpte2084', primaries: 'bt2020' },
    });
  });

  test('are found damaged where the container ends early', async () => {
    const path = clips.make('short.mkv', ...testPicture(), ...x264(25));
    truncateSync(path, Math.floor(readFileSync(path).length / 2));
    const video = await probed(path);
    expect(video.damaged).toBe(true);
    expect(video.durationS).toBeGreaterThan(3);
    expect(video.durationS).toBeLessThan(7);
    const fast = clips.make('short.mp4', ...testPicture(), ...x264(25), '-movflags', '+faststart');
    truncateSync(fast, Math.floor(readFileSync(fast).length / 2));
    expect((await probed(fast)).damaged).toBe(true);
  });

  test('broken inside a sound container are no matter of the probe', async () => {
    const path = clips.make('broken.mp4', ...testPicture(), ...x264(25));
    damage(path, 0.4, 0.6);
    expect(await probed(path)).toMatchObject({ frameCount: 250, durationS: 10 });
  });
});

test('a file is looked at with two starts of ffprobe', async () => {
  const starts = join(clips.path, 'starts');
  const ffprobePath = fakeProgram(join(clips.path, 'bin'), 'ffprobe', `echo >> ${starts}; exec ffprobe "$@"`);
  const run = { tools: { ...TOOLS_ON_PATH, ffprobePath }, signal: AbortSignal.timeout(60_000) };
  expect(await probe(PARROT, OPTIONS, run)).toEqual(await probed(PARROT));
  expect(readFileSync(starts, 'utf8')).toBe('\n\n');
});

test.each([
  ['cockatoo.mp4', 14],
  ['realshort.mp4', 2],
  ['newtonscradle.gif', 1],
  ['chair-orig-22-sd-bar.mp4', 23],
  ['chair-22-with-large-logo-bar.mp4', 23],
  ['phone-1080p.mp4', 2],
  ['movie-hello.mpeg', 9],
  ['display-dual-monitors.webm', 38],
  ['grand-prix-1906.ogv', 20],
])('%s has %i seconds, rounded up', async (file, seconds) => {
  expect(Math.ceil((await probed(join(SAMPLES, file))).durationS)).toBe(seconds);
});
