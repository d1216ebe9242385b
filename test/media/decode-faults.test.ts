import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { allHashes, EXACT, FAST, KEYFRAME, linearFrames, planOf } from '../support/decode-all.js';
import { clipDirectory, damage, testPicture, x264 } from '../support/make-video.js';

const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});

describe('a stream without usable timestamps is counted', () => {
  const made = new Map<string, string>();
  beforeAll(() => {
    for (const file of ['raw.h264', 'b.avi'])
      made.set(file, clips.make(file, ...testPicture({ seconds: 4 }), ...x264(25)));
    made.set('back.ts', backwards());
  });

  test.each([
    ['raw.h264', EXACT],
    ['b.avi', EXACT],
    ['b.avi', FAST],
    ['b.avi', KEYFRAME],
    ['back.ts', EXACT],
  ])('%s, %j', async (file, options) => {
    const path = made.get(file)!;
    const planned = await planOf(path, options);
    expect(planned).toMatchObject({ video: { timeline: 'counted' }, plan: { kind: 'grid', count: 4 } });
    const { hashes } = await linearFrames(planned);
    const pictures = allHashes(path);
    expect(pictures.length).toBe(100);
    expect(hashes).toEqual([0, 25, 50, 75].map((index) => pictures[index]));
  });

  function backwards(): string {
    const part = (file: string, offset: string): Buffer =>
      readFileSync(clips.make(file, ...testPicture({ seconds: 2 }), ...x264(25), '-output_ts_offset', offset));
    return clips.write('back.ts', Buffer.concat([part('late.ts', '500'), part('early.ts', '20')]));
  }
});

describe('a damaged file gives what can be decoded', () => {
  test('up to where it was cut off', async () => {
    const path = clips.make('cut.mkv', ...testPicture(), ...x264(25));
    const whole = await linearFrames(await planOf(path));
    truncateSync(path, Math.floor(readFileSync(path).length / 2));
    const { samples, hashes } = await linearFrames(await planOf(path));
    expect(samples.length).toBeGreaterThan(3);
    expect(samples.length).toBeLessThan(8);
    // The last may rest on a frame that is not there in full.
    expect(hashes.slice(0, -1)).toEqual(whole.hashes.slice(0, samples.length - 1));
  });

  test('before and behind the damage, with its errors counted', async () => {
    const path = clips.make('broken.mp4', ...testPicture(), ...x264(25));
    const whole = await linearFrames(await planOf(path));
    damage(path, 0.45, 0.55);
    const { samples, hashes, summary } = await linearFrames(await planOf(path));
    expect(summary.decodeErrors).toBeGreaterThan(0);
    expect(samples).toEqual(whole.samples);
    expect(hashes.slice(0, 3)).toEqual(whole.hashes.slice(0, 3));
    expect(hashes.slice(-2)).toEqual(whole.hashes.slice(-2));
  });

  test('the same every time, wherever its threads happened to be', async () => {
    // A stream that this decoder only knows how to decode from its first packets on: without them there are hundreds of errors.
    const whole = join(__dirname, '../../samples/cockatoo.mp4');
    const path = clips.make('headless.mp4', '-ss', '4', '-t', '4', '-i', whole, '-an', '-c', 'copy');
    const planned = await planOf(path);
    const first = await linearFrames(planned);
    expect(first.summary.decodeErrors).toBeGreaterThan(0);
    for (let times = 0; times < 2; times++) {
      const again = await linearFrames(planned);
      expect([again.hashes, again.summary]).toEqual([first.hashes, first.summary]);
    }
  });
});

test('samples of a real GIF and of a program stream without all timestamps', async () => {
  const sample = (file: string): string => join(__dirname, '../../samples', file);
  expect(await linearFrames(await planOf(sample('newtonscradle.gif')))).toMatchObject({
    samples: [0],
    format: 'rgb24',
  });
  const hello = await linearFrames(await planOf(sample('movie-hello.mpeg')));
  expect(hello.samples.length).toBe(9);
  expect(hello.hashes[3]).toBe(allHashes(sample('movie-hello.mpeg'))[Math.floor(3 * (30000 / 1001))]);
});
