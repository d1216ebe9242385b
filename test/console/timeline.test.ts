import * as fc from 'fast-check';
import {
  clipAt,
  curvePath,
  frameAt,
  instantAt,
  neighbourSpan,
  placeOf,
  scoreAt,
  tickStep,
} from '../../console/src/task/timeline.js';
import type { ClipView, DisputedSpan, FrameView } from '../../src/schema/console/task.js';

const clip = (startS: number, endS: number, path: string | null = 'clip'): ClipView => ({
  startS,
  endS,
  path,
  contentType: 'video/mp4',
  why: null,
});
const frame = (timeS: number): FrameView => ({ sample: timeS, timeS, widthPx: 1, heightPx: 1, path: '', found: [] });
const span = (startS: number): DisputedSpan => ({ scene: 'porn', startS, endS: startS + 1, rate: 50, clip: null });

test('an instant and its place lead to each other', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 10, max: 4000 }), (share, widthPx) => {
      const scale = { widthPx, durationS: 93.4 };
      expect(instantAt(scale, placeOf(scale, share * 93.4))).toBeCloseTo(share * 93.4, 6);
    }),
  );
});

test('places beyond the ends count as the ends, and a still has one place', () => {
  const scale = { widthPx: 100, durationS: 10 };
  expect([placeOf(scale, -1), placeOf(scale, 11), instantAt(scale, -5), instantAt(scale, 500)]).toEqual([
    0, 100, 0, 10,
  ]);
  expect([placeOf({ widthPx: 100, durationS: 0 }, 3), instantAt({ widthPx: 0, durationS: 10 }, 3)]).toEqual([0, 0]);
});

test('an instant is shown by the clip that begins last before it, of those that can be played', () => {
  const clips = [clip(3, 9), clip(8, 12), clip(8.5, 9, null)];
  expect([2, 3, 8.7, 12, 12.1].map((timeS) => clipAt(clips, timeS))).toEqual([null, 0, 1, 1, null]);
});

test('the nearest frame stands for an instant without a clip', () => {
  expect([0, 5, 5.1, 99].map((timeS) => frameAt([frame(4), frame(6)], timeS)?.timeS)).toEqual([4, 4, 6, 6]);
  expect(frameAt([], 1)).toBeNull();
});

test('one goes from stretch to stretch in the order of time, and around the ends', () => {
  const spans = [span(9), span(3)];
  expect([0, 3, 9].map((timeS) => neighbourSpan(spans, timeS, 1)?.startS)).toEqual([3, 9, 3]);
  expect([0, 4, 9].map((timeS) => neighbourSpan(spans, timeS, -1)?.startS)).toEqual([9, 3, 3]);
  expect(neighbourSpan([], 0, 1)).toBeNull();
});

test('a score lasts until the next sample', () => {
  const points = [
    [1, 0.2],
    [2, 0.9],
    [3, 0.4],
  ] as const;
  expect([0.9, 1, 1.9, 2, 50].map((timeS) => scoreAt(points, timeS))).toEqual([null, 0.2, 0.2, 0.9, 0.4]);
});

test('a peak is never lost, however many samples share a pixel', () => {
  const points = Array.from({ length: 5000 }, (_, index) => [index, index === 2500 ? 1 : 0.1] as const);
  const path = curvePath(points, { widthPx: 200, durationS: 5000 }, 40);
  expect(path).toContain('L100 0.0');
  expect(path.match(/[ML]/g)).toHaveLength(201);
});

test.each([
  [10, 2],
  [60, 10],
  [3600, 600],
])('a video of %d s has a mark every %d s on a line of 640 pixels', (durationS, step) => {
  expect(tickStep({ widthPx: 640, durationS })).toBe(step);
});
