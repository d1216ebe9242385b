import { join } from 'node:path';
import { withoutBars } from '../../../src/detectors/known-media/bars.js';
import type { Part } from '../../../src/detectors/known-media/shrink.js';
import { clipDirectory } from '../../support/make-video.js';
import { ROOT } from '../../support/build.js';
import { pictureOf } from './rig.js';
import { referenceFile } from './reference.js';

const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});

/** A frame of the parrot at a second, 480 × 270 without bars of its own. */
const frames = new Map<number, string>();
function frameAt(second: number): string {
  const parrot = join(ROOT, 'samples', 'cockatoo.mp4');
  const size = ['-frames:v', '1', '-vf', 'scale=480:270,format=rgb24'];
  const path = frames.get(second) ?? clips.make(`${second}.png`, '-ss', String(second), '-i', parrot, ...size);
  frames.set(second, path);
  return path;
}

/** Such a frame with these filters over it, as JPEG. */
async function partsOf(name: string, filter: string, second = 3): Promise<Part[]> {
  const path = clips.make(`${name}.jpg`, '-i', frameAt(second), '-vf', filter, '-q:v', '6');
  return withoutBars(await pictureOf(path));
}

/** Pixels by which a part may be off: where a bar ends, compression blurs. */
function isNear(part: Part | undefined, expected: Part): boolean {
  return (
    part !== undefined &&
    (['left', 'top', 'width', 'height'] as const).every((side) => Math.abs(part[side] - expected[side]) <= 4)
  );
}

describe('bars around a picture', () => {
  it.each([
    ['above and below', 'pad=480:360:0:45', { left: 0, top: 45, width: 480, height: 270 }],
    ['at both sides', 'pad=640:270:80:0', { left: 80, top: 0, width: 480, height: 270 }],
    ['all around', 'pad=640:360:80:45', { left: 80, top: 45, width: 480, height: 270 }],
    ['of white', 'pad=480:360:0:45:white', { left: 0, top: 45, width: 480, height: 270 }],
    ['of any one colour', 'pad=640:270:80:0:0x2266aa', { left: 80, top: 0, width: 480, height: 270 }],
    ['off the middle', 'pad=480:360:0:20', { left: 0, top: 20, width: 480, height: 270 }],
    [
      'with writing on one of them',
      'pad=480:360:0:45,drawbox=150:330:60:12:white:fill,drawbox=230:330:40:12:white:fill',
      { left: 0, top: 45, width: 480, height: 270 },
    ],
  ])('are told %s', async (name, filter, expected) => {
    const parts = await partsOf(name.replaceAll(' ', '-'), filter);
    expect([parts[0], isNear(parts[0], expected)]).toEqual([parts[0], true]);
  });

  it('may be as wide as a dark part of the picture makes one of them seem, and no wider than the other', async () => {
    // The upper fifth of the picture is black, as a night sky is.
    const parts = await partsOf('dark', 'drawbox=0:0:480:54:black:fill,pad=480:360:0:45');
    expect(parts.some((part) => isNear(part, { left: 0, top: 45, width: 480, height: 270 }))).toBe(true);
  });

  it('are looked for within bars as well: the inner ones may be of the picture', async () => {
    const parts = await partsOf('twice', 'pad=640:270:80:0,pad=640:480:0:105');
    for (const expected of [
      { left: 80, top: 105, width: 480, height: 270 },
      { left: 0, top: 105, width: 640, height: 270 },
    ])
      expect(parts.some((part) => isNear(part, expected))).toBe(true);
  });

  it.each([
    ['there are none', 'null'],
    ['one side has none', 'pad=480:360:0:0'],
    ['one side has next to nothing of one', 'pad=480:315:0:45,drawbox=0:313:480:2:black:fill'],
    ['there is nothing else', 'drawbox=0:0:480:270:black:fill'],
    ['the two are not of one brightness', 'pad=480:315:0:45,pad=480:360:0:0:white'],
    ['next to nothing lies between them', 'scale=480:40,pad=480:270:0:115'],
  ])('are not there where %s', async (name, filter) => {
    expect(await partsOf(name.replaceAll(' ', '-'), filter)).toEqual([]);
  });

  it('are not seen in pictures that have none', async () => {
    for (const file of ['aaa-orig.jpg', 'q0122.jpg', 'q0746.jpg', 'q2821.jpg'])
      expect([file, withoutBars(await pictureOf(referenceFile(file)))]).toEqual([file, []]);
  });
});
