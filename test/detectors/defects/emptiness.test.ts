import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { emptinessOf } from '../../../src/detectors/defects/emptiness.js';
import type { Picture } from '../../../src/detectors/preparation/picture.js';
import { ROOT } from '../../support/build.js';
import { clipDirectory, runFfmpeg } from '../../support/make-video.js';

const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});

const FORMATS = ['yuv420p', 'yuv444p', 'rgb24'] as const;
const SIZE = { widthPx: 640, heightPx: 360 };

/** Pictures of a video file, one a second, or of what ffmpeg draws, as detectors get them. */
function pictures(format: Picture['format'], ...input: string[]): Picture[] {
  const { widthPx, heightPx } = SIZE;
  const filter = `fps=1,scale=${widthPx}:${heightPx},format=${format}`;
  const raw = runFfmpeg(...input, '-frames:v', '40', '-vf', filter, '-f', 'rawvideo', '-');
  const bytes = (widthPx * heightPx * (format === 'yuv420p' ? 3 : 6)) / 2;
  return Array.from({ length: raw.length / bytes }, (_, index) => ({
    ...SIZE,
    format,
    colour: { matrix: null, range: null },
    data: raw.subarray(index * bytes, (index + 1) * bytes),
  }));
}

const RAMP = 'gradients=s=640x360:r=5:c0=blue:c1=yellow:x0=0:y0=0:x1=639:y1=0:n=2';
const DRAWN = [
  ['black', 'color=black:s=640x360:r=5', 'one colour'],
  ['blue', 'color=0x2040c0:s=640x360:r=5', 'one colour'],
  ['white with grain', 'color=white:s=640x360:r=5,noise=alls=4:allf=t', 'one colour'],
  ['SMPTE bars', 'smptebars=s=640x360:r=5', 'test card'],
  ['SMPTE HD bars', 'smptehdbars=s=640x360:r=5', 'test card'],
  ['EBU bars of 75 %', 'pal75bars=s=640x360:r=5', 'test card'],
  ['bars of 100 %', 'pal100bars=s=640x360:r=5', 'test card'],
  ['noise', `nullsrc=s=640x360:r=5,geq=lum='random(1)*255':cb=128:cr=128`, 'noise'],
  ['a gradient', RAMP, null],
  ['stripes of two greys', `nullsrc=s=640x360:r=5,geq=lum='if(mod(floor(X/40),2),60,180)':cb=128:cr=128`, null],
  ['a moving test pattern', 'testsrc2=s=640x360:r=5', null],
] as const;

/** Seconds of each. */
const SECONDS = 3;

describe('a picture that ffmpeg draws, after an encoder of the quality that uploads have,', () => {
  const seen = new Map<string, Picture[]>();
  beforeAll(() => {
    const parts = DRAWN.map(
      ([, source], index) => `${source},trim=duration=${SECONDS},format=yuv420p,setsar=1[v${index}]`,
    );
    const joined = `${DRAWN.map((_, index) => `[v${index}]`).join('')}concat=n=${DRAWN.length}`;
    const path = clips.make('drawn.mp4', '-filter_complex', [...parts, joined].join(';'), '-crf', '26');
    for (const format of FORMATS) seen.set(format, pictures(format, '-i', path));
  });

  test.each(DRAWN.map(([name, , expected], index) => ({ name, expected, index })))(
    'is told for what it is in every layout: $name',
    ({ expected, index }) => {
      for (const format of FORMATS) {
        const of = seen.get(format)!.slice(index * SECONDS, (index + 1) * SECONDS);
        expect(of.map(emptinessOf)).toEqual([expected, expected, expected]);
      }
    },
  );
});

test('every picture of the real clips has content', () => {
  const names = readdirSync(join(ROOT, 'samples')).filter((name) => /\.\w+$/.test(name) && !name.endsWith('.md'));
  const empty = names.flatMap((name) =>
    pictures('yuv420p', '-i', join(ROOT, 'samples', name)).map((picture) => [name, emptinessOf(picture)]),
  );
  expect(empty.length).toBeGreaterThan(100);
  expect(empty.filter(([, what]) => what !== null)).toEqual([]);
});

test('so small a picture that it has no neighbours is of one colour', () => {
  const one = { widthPx: 1, heightPx: 1, format: 'rgb24' as const, colour: { matrix: null, range: null } };
  expect(emptinessOf({ ...one, data: new Uint8Array([9, 9, 9]) })).toBe('one colour');
});
