import fc from 'fast-check';
import { decodeEdgeMap, encodeEdgeMap, ORIENTATIONS, type EdgeMap } from '../../../src/detectors/overlay/edge-map.js';
import { edgesOf, gridFor } from '../../../src/detectors/overlay/edges.js';
import type { Picture } from '../../../src/detectors/preparation/picture.js';

const NO_COLOUR = { matrix: null, range: null };

/** A picture of grey levels, as RGB. */
function picture(widthPx: number, heightPx: number, level: (x: number, y: number) => number): Picture {
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let at = 0; at < widthPx * heightPx; at++)
    data.fill(level(at % widthPx, Math.floor(at / widthPx)), at * 3, at * 3 + 3);
  return { widthPx, heightPx, format: 'rgb24', colour: NO_COLOUR, data };
}

/** Bins of orientation in a map, the most frequent first. */
function orientations({ cells }: EdgeMap): number[] {
  const counts = Array.from({ length: ORIENTATIONS + 1 }, (_, bin) => cells.filter((cell) => cell === bin).length);
  return counts
    .map((count, bin) => ({ count, bin }))
    .filter(({ count, bin }) => bin > 0 && count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ bin }) => bin);
}

test('a map is the same once it was text', () => {
  const map = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }))
    .chain(([width, height]) =>
      fc
        .uint8Array({ minLength: width * height, maxLength: width * height, max: ORIENTATIONS })
        .map((cells): EdgeMap => ({ width, height, cells })),
    );
  fc.assert(
    fc.property(map, (given) => {
      expect(decodeEdgeMap(encodeEdgeMap(given))).toEqual(given);
    }),
  );
});

test('what is no map of this layout is none', () => {
  const good = encodeEdgeMap({ width: 8, height: 8, cells: new Uint8Array(64).fill(3) });
  expect(decodeEdgeMap(good.slice(0, 16))).toBeNull();
  expect(decodeEdgeMap(`Ag${good.slice(2)}`)).toBeNull();
  expect(decodeEdgeMap('')).toBeNull();
});

test('nothing but noise, in a picture of any shape, gives at most 4 KB of text', () => {
  let state = 1;
  const noise = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % 256;
  for (const [width, height] of [
    [1280, 720],
    [480, 720],
    [640, 640],
    [1000, 90],
    [33, 700],
  ] as const) {
    const text = encodeEdgeMap(edgesOf(picture(width, height, noise)));
    expect(text.length).toBeGreaterThan(100);
    expect(text.length).toBeLessThanOrEqual(4096);
  }
});

test('cells are about square, and never finer than half of the pixels', () => {
  expect(gridFor({ widthPx: 1280, heightPx: 720 })).toEqual({ width: 160, height: 90 });
  expect(gridFor({ widthPx: 720, heightPx: 1280 })).toEqual({ width: 90, height: 160 });
  expect(gridFor({ widthPx: 200, heightPx: 150 })).toEqual({ width: 100, height: 75 });
  expect(gridFor({ widthPx: 2, heightPx: 1 })).toEqual({ width: 1, height: 1 });
});

test('an edge is told with the way that it runs, whichever side is the brighter one', () => {
  const upright = (bright: boolean) => edgesOf(picture(320, 180, (x) => (x < 161 === bright ? 200 : 40)));
  const level = edgesOf(picture(320, 180, (_, y) => (y < 91 ? 200 : 40)));
  expect(orientations(upright(true))).toEqual([1]);
  expect(upright(false)).toEqual(upright(true));
  expect(orientations(level)).toEqual([5]);
  expect(orientations(edgesOf(picture(320, 180, (x, y) => (x + y < 250 ? 200 : 40))))[0]).toBe(3);
});

test('a flat picture has no edges, nor has noise of a few levels', () => {
  expect(orientations(edgesOf(picture(320, 180, () => 90)))).toEqual([]);
  expect(orientations(edgesOf(picture(320, 180, (x, y) => 90 + ((x * 7 + y * 13) % 3))))).toEqual([]);
});

test('the same picture has the same edges as YUV and as RGB', () => {
  const level = (x: number, y: number): number => ((x >> 4) * 37 + (y >> 4) * 91) % 220;
  const [widthPx, heightPx] = [320, 180];
  const data = new Uint8Array((widthPx * heightPx * 3) / 2).fill(128);
  for (let at = 0; at < widthPx * heightPx; at++) data[at] = level(at % widthPx, Math.floor(at / widthPx));
  const yuv: Picture = { widthPx, heightPx, format: 'yuv420p', colour: { matrix: null, range: 'pc' }, data };
  expect(edgesOf(yuv)).toEqual(edgesOf(picture(widthPx, heightPx, level)));
});
