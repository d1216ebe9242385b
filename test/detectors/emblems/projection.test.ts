import { fit, patternOf } from '../../../src/detectors/emblems/pattern.js';
import { back, chained, nearOrigin, projected, type Projection } from '../../../src/detectors/emblems/projection.js';

const BENT: Projection = { a: 3, b: 0.4, c: -0.3, d: 2.8, e: 120, f: 90, g: 0.004, h: -0.003 };
const OTHER: Projection = { a: 0.9, b: 0.1, c: 0.2, d: 1.1, e: 3, f: -5, g: -0.002, h: 0.001 };
const POINTS = [
  [0, 0],
  [20, -15],
  [-18, 12],
] as const;

describe('a projection', () => {
  it('after another is the two as one, and after its way back nothing', () => {
    for (const [x, y] of POINTS) {
      const between = projected(OTHER, x, y);
      const both = projected(chained(BENT, OTHER), x, y);
      expect(both.x).toBeCloseTo(projected(BENT, between.x, between.y).x, 6);
      expect(both.y).toBeCloseTo(projected(BENT, between.x, between.y).y, 6);
      const there = projected(BENT, x, y);
      const again = projected(back(BENT), there.x, there.y);
      expect(again.x).toBeCloseTo(x, 6);
      expect(again.y).toBeCloseTo(y, 6);
    }
  });

  it('is near its middle what its affine map is', () => {
    const near = nearOrigin(BENT);
    const { x, y } = projected(BENT, 0.001, -0.002);
    expect(x).toBeCloseTo(near.a * 0.001 - near.c * 0.002 + near.e, 4);
    expect(y).toBeCloseTo(near.b * 0.001 - near.d * 0.002 + near.f, 4);
  });
});

/** What is drawn at a point of the pattern: soft blots, no two sides of it alike. */
function drawn(x: number, y: number): number {
  return Math.sin(x / 5 + 0.4) * Math.cos(y / 6) + Math.sin((x + 2 * y) / 9) - Math.cos((x - y) / 4) / 2;
}

describe('a pattern', () => {
  it('that perspective bent is found where it is, to its corners', () => {
    const side = 42;
    const values = Float32Array.from({ length: side * side }, (_, at) =>
      drawn((at % side) + 0.5 - side / 2, Math.floor(at / side) + 0.5 - side / 2),
    );
    const pattern = patternOf(side, side, values)!;
    const [widthPx, heightPx] = [240, 180];
    const data = Uint8Array.from({ length: widthPx * heightPx }, (_, at) => {
      const { x, y } = projected(back(BENT), (at % widthPx) + 0.5, Math.floor(at / widthPx) + 0.5);
      return Math.abs(x) > 30 || Math.abs(y) > 30 ? 128 : Math.round(128 + 40 * drawn(x, y));
    });
    // From where an affine map would put it, and a little off.
    const start = { ...nearOrigin(BENT), e: BENT.e + 2, f: BENT.f - 1 };
    const found = fit(pattern, { widthPx, heightPx, data }, { level: 128, reach: 255 }, start, 0.2);
    expect(found.correlation).toBeGreaterThan(0.99);
    expect(found.edges).toBeGreaterThan(0.98);
    for (const [x, y] of [
      [-20, -20],
      [20, -20],
      [20, 20],
      [-20, 20],
    ] as const) {
      const [here, there] = [projected(found.map, x, y), projected(BENT, x, y)];
      expect(Math.hypot(here.x - there.x, here.y - there.y)).toBeLessThan(1);
    }
  });
});
