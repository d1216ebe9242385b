import fc from 'fast-check';
import { spell } from '../../../../src/detectors/text/ocr/ctc.js';
import { mayHoldWriting } from '../../../../src/detectors/text/ocr/gate.js';
import { PADDLE_RULE, regionsOf, type TextMap } from '../../../../src/detectors/text/ocr/regions.js';
import { resize } from '../../../../src/detectors/text/ocr/resize.js';
import {
  cornersOf,
  levelled,
  quarterTurned,
  smallestRectangle,
} from '../../../../src/detectors/text/ocr/turned-rectangle.js';

const NO_GROWTH = { ...PADDLE_RULE, growth: 0 };

describe('the smallest rectangle around points', () => {
  it('is the rectangle itself, of the corners of one, however it is turned', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        fc.double({ min: 20, max: 200, noNaN: true }),
        fc.double({ min: 5, max: 15, noNaN: true }),
        (angle, width, height) => {
          const centre = { x: 300, y: 200 };
          const corners = cornersOf({ centre, along: { x: Math.cos(angle), y: Math.sin(angle) }, width, height });
          const found = smallestRectangle(corners);
          expect(found?.centre.x).toBeCloseTo(300, 4);
          expect(found?.centre.y).toBeCloseTo(200, 4);
          expect((found?.width ?? 0) * (found?.height ?? 0)).toBeCloseTo(width * height, 2);
        },
      ),
    );
  });

  it('is level enough to be read once it is levelled, and has the same corners', () => {
    fc.assert(
      fc.property(fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }), (angle) => {
        const turned = {
          centre: { x: 0, y: 0 },
          along: { x: Math.cos(angle), y: Math.sin(angle) },
          width: 40,
          height: 9,
        };
        const level = levelled(turned);
        expect(level.along.x).toBeGreaterThanOrEqual(Math.SQRT1_2 - 1e-9);
        const area = ({ width, height }: typeof level): number => width * height;
        expect(area(level)).toBeCloseTo(area(turned));
      }),
    );
  });

  it('of one point is that point, of none nothing', () => {
    expect(smallestRectangle([{ x: 3, y: 4 }])).toMatchObject({ centre: { x: 3, y: 4 }, width: 0, height: 0 });
    expect(smallestRectangle([])).toBeNull();
  });

  it('turned four quarters is what it was', () => {
    const rectangle = { centre: { x: 1, y: 2 }, along: { x: 1, y: 0 }, width: 5, height: 3 };
    const twice = quarterTurned(quarterTurned(rectangle, 1), 1);
    const half = quarterTurned(rectangle, 2);
    cornersOf(twice).forEach(({ x, y }, index) => {
      expect(x).toBeCloseTo(cornersOf(half)[index]?.x ?? NaN);
      expect(y).toBeCloseTo(cornersOf(half)[index]?.y ?? NaN);
    });
  });
});

describe('regions of a map', () => {
  it('are the bars drawn there, from top to bottom, and not the specks or the faint', () => {
    const map = drawn(160, 96, [
      { x: 10, y: 60, width: 100, height: 10, value: 0.9 },
      { x: 20, y: 10, width: 60, height: 8, value: 0.8 },
      { x: 140, y: 80, width: 2, height: 2, value: 1 },
      { x: 20, y: 30, width: 60, height: 8, value: 0.4 },
    ]);
    const regions = regionsOf(map, NO_GROWTH);
    expect(regions.map(({ centre }) => Math.round(centre.y))).toEqual([14, 65]);
    expect(regions[1]).toMatchObject({ width: 99, height: 9 });
  });

  it('grow on all sides as the rule says: by area × 1.5 ÷ circumference', () => {
    const [region] = regionsOf(drawn(200, 60, [{ x: 40, y: 20, width: 101, height: 11, value: 1 }]), PADDLE_RULE);
    const distance = (100 * 10 * 1.5) / (2 * (100 + 10));
    expect(region?.width).toBeCloseTo(100 + 2 * distance);
    expect(region?.height).toBeCloseTo(10 + 2 * distance);
  });
});

describe('spelling', () => {
  const CHARACTERS = ['', 'a', 'b', ' '];
  const steps = (...rows: number[][]): Float32Array => Float32Array.from(rows.flat());

  it('says repeated steps once, characters after a blank again, and the mean of their probabilities', () => {
    const { text, confidence } = spell(
      steps([0.1, 0.9, 0, 0], [0.1, 0.8, 0, 0], [1, 0, 0, 0], [0.3, 0.7, 0, 0], [0, 0, 0.5, 0]),
      CHARACTERS,
    );
    expect(text).toBe('aab');
    expect(confidence).toBeCloseTo((0.9 + 0.7 + 0.5) / 3);
  });

  it('puts a space where one was thought of between two characters, and none at the ends', () => {
    const thought = [0.7, 0, 0, 0.2];
    expect(spell(steps(thought, [0, 1, 0, 0], thought, [0, 0, 1, 0], thought), CHARACTERS).text).toBe('a b');
    expect(spell(steps([0, 1, 0, 0], [0.99, 0, 0, 0.001], [0, 0, 1, 0]), CHARACTERS).text).toBe('ab');
  });

  it('of blanks alone is empty and not sure at all', () => {
    expect(spell(steps([1, 0, 0, 0]), CHARACTERS)).toEqual({ text: '', confidence: 0 });
  });
});

describe('the look for strokes', () => {
  const COLOUR = { matrix: null, range: null };
  const picture = (widthPx: number, heightPx: number, value: (x: number, y: number) => number) => {
    const data = new Uint8Array((widthPx * heightPx * 3) / 2);
    for (let y = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) data[y * widthPx + x] = value(x, y);
    return { widthPx, heightPx, format: 'yuv420p' as const, colour: COLOUR, data };
  };

  it('rules out pictures that are plain, shaded or have one edge', () => {
    expect(mayHoldWriting(picture(320, 240, () => 80))).toBe(false);
    expect(mayHoldWriting(picture(320, 240, (x) => Math.round(x / 2)))).toBe(false);
    expect(mayHoldWriting(picture(320, 240, (x) => (x < 150 ? 30 : 220)))).toBe(false);
  });

  it('lets pass a patch of strokes, level or upright, in large pictures too', () => {
    const stripe = (at: number): number => (at % 8 < 4 ? 30 : 220);
    const inside = (x: number, y: number): boolean => x > 40 && x < 140 && y > 40 && y < 140;
    expect(mayHoldWriting(picture(320, 240, (x, y) => (inside(x, y) ? stripe(x) : 90)))).toBe(true);
    expect(mayHoldWriting(picture(320, 240, (x, y) => (inside(x, y) ? stripe(y) : 90)))).toBe(true);
    const large = (x: number, y: number): number => (x < 400 && y < 400 ? (x % 32 < 16 ? 30 : 220) : 90);
    expect(mayHoldWriting(picture(3840, 2160, large))).toBe(true);
  });
});

describe('resizing', () => {
  const channel = (widthPx: number, heightPx: number, value: (x: number, y: number) => number) => ({
    data: Uint8Array.from({ length: widthPx * heightPx }, (_, at) => value(at % widthPx, Math.floor(at / widthPx))),
    offset: 0,
    step: 1,
    widthPx,
    heightPx,
  });

  it('keeps a plain picture plain and its own size unchanged', () => {
    const out = new Float32Array(7 * 9);
    resize(
      channel(50, 40, () => 77),
      7,
      9,
      out,
    );
    for (const value of out) expect(value).toBeCloseTo(77, 3);
    const same = new Float32Array(12);
    resize(
      channel(4, 3, (x, y) => x * 10 + y),
      4,
      3,
      same,
    );
    expect([...same].map(Math.round)).toEqual([0, 10, 20, 30, 1, 11, 21, 31, 2, 12, 22, 32]);
  });

  it('averages when it shrinks: thin strokes grow faint and do not vanish', () => {
    const out = new Float32Array(8 * 8);
    resize(
      channel(64, 64, (x) => (x % 8 === 4 ? 255 : 0)),
      8,
      8,
      out,
    );
    for (const value of out) expect(value).toBeGreaterThan(15);
  });
});

function drawn(
  widthPx: number,
  heightPx: number,
  bars: readonly { x: number; y: number; width: number; height: number; value: number }[],
): TextMap {
  const values = new Float32Array(widthPx * heightPx);
  for (const { x, y, width, height, value } of bars)
    for (let row = y; row < y + height; row++) values.fill(value, row * widthPx + x, row * widthPx + x + width);
  return { widthPx, heightPx, values };
}
