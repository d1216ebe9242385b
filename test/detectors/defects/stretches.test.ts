import fc from 'fast-check';
import { blackStretches } from '../../../src/detectors/defects/dark.js';
import { flashingStretches } from '../../../src/detectors/defects/flash.js';
import { defectsOf, mayBeDefect } from '../../../src/detectors/defects/spans.js';
import { stillStretches } from '../../../src/detectors/defects/still.js';
import type { Stretch } from '../../../src/detectors/defects/stretch.js';
import type { WatchedPictures } from '../../../src/schema/watched.js';

const RATE = 25;

/** Pictures at 25 Hz, each of a moving scene unless told otherwise. */
function pictures(count: number, of: (atS: number) => Partial<Record<'luma' | 'change' | 'black', number>>) {
  const timesS = Array.from({ length: count }, (_, index) => index / RATE);
  const all = timesS.map((atS) => ({ luma: 0.4, change: 0.02, black: 0, ...of(atS) }));
  return {
    timesS,
    luma: all.map(({ luma }) => luma),
    change: all.map(({ change }, index) => (index === 0 ? 0 : change)),
    black: all.map(({ black }) => black === 1),
    blur: [],
  } satisfies WatchedPictures;
}

/** From one index to another as a segment has them, with the first one of the next segment. */
function part(whole: WatchedPictures, from: number, to: number): WatchedPictures {
  const cut = <T>(values: T[]): T[] => values.slice(from, to + 1);
  const change = cut(whole.change);
  change[0] = 0;
  return { timesS: cut(whole.timesS), luma: cut(whole.luma), change, black: cut(whole.black), blur: [] };
}

const FINDERS = [blackStretches, stillStretches, flashingStretches];

function stretchesOf(seen: WatchedPictures): Stretch[] {
  const segment = { startS: seen.timesS[0] ?? 0, endS: seen.timesS.at(-1) ?? 0 };
  return FINDERS.flatMap((find) => find(seen)).filter((stretch) => mayBeDefect(stretch, segment));
}

const flicker = (hertz: number, low: number, high: number) => (atS: number) => ({
  luma: atS >= 2 && atS < 5 && (atS * hertz) % 1 < 0.5 ? high : low,
});

test.each([
  ['five dark and bright flashes a second', flicker(5, 0.3, 0.9), ['flashing']],
  ['three flashes a second, which are allowed', flicker(3, 0.3, 0.9), []],
  ['flicker of less than a tenth of the luminance', flicker(5, 0.3, 0.42), []],
  ['flicker of what is bright all the time', flicker(5, 0.92, 1), []],
  ['two black seconds', (atS: number) => ({ black: atS >= 3 && atS < 5.04 ? 1 : 0 }), ['black']],
  ['a fade of less than two seconds', (atS: number) => ({ black: atS < 1.8 ? 1 : 0 }), []],
  ['two seconds without a change', (atS: number) => ({ change: atS >= 3 && atS < 5 ? 0 : 0.02 }), ['frozen']],
  ['a still picture that an encoder refreshes', still(0.005, 0), ['frozen']],
  ['a scene that hardly moves', still(0.005, 0.0001), []],
  ['a cut from one still to another after a second', still(0.3, 0), []],
])('of %s it makes what it is', (_, of, kinds) => {
  expect(defectsOf(stretchesOf(pictures(200, of))).map(({ kind }) => kind)).toEqual(kinds);
});

/** From 3 to 5 s each picture changes by `less`, but for one in the middle. */
function still(once: number, less: number) {
  return (atS: number) => ({ change: atS < 3 || atS >= 5 ? 0.02 : Math.abs(atS - 4) < 0.01 ? once : less });
}

test('segments together say what the whole says, wherever they meet', () => {
  const kinds = [
    flicker(5, 0.3, 0.9),
    (atS: number) => ({ black: atS >= 3 && atS < 5.2 ? 1 : 0 }),
    (atS: number) => ({ change: atS >= 3 && atS < 5.2 ? 0 : 0.02 }),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.uniqueArray(fc.integer({ min: 20, max: 180 }), { maxLength: 3 }),
      (of, at) => {
        const whole = pictures(200, of);
        const borders = [0, ...at.sort((a, b) => a - b), 199];
        const parts = borders.slice(1).map((to, index) => stretchesOf(part(whole, borders[index] ?? 0, to)));
        const [expected] = defectsOf(stretchesOf(whole));
        const found = defectsOf(parts.flat());
        expect(found.map(({ kind }) => kind)).toEqual([expected?.kind]);
        // A turn of the brightness at a border is lost.
        expect(Math.abs((found[0]?.startS ?? 0) - (expected?.startS ?? 0))).toBeLessThanOrEqual(0.2);
        expect(Math.abs((found[0]?.endS ?? 0) - (expected?.endS ?? 0))).toBeLessThanOrEqual(0.2);
      },
    ),
  );
});
