import { firstUnsafe } from '../../src/domain/seek-safety.js';
import type { SegmentResult } from '../../src/schema/observation.js';
import type { Segment } from '../../src/schema/plan.js';

const segments: Segment[] = [0, 1, 2].map((index) => ({
  index,
  from: index * 5,
  to: index * 5 + 5,
  startPts: index === 0 ? null : index * 5000,
  nextStartPts: index === 2 ? null : index * 5000 + 5000,
}));

function result(segment: number, startDigest: string | null, nextDigest: string | null): SegmentResult {
  return { segment, chunks: [], observations: [], inspected: 5, startDigest, nextDigest, decodeErrors: 0 };
}

test('a chain in which every start equals what the segment before saw there is safe', () => {
  expect(firstUnsafe(segments, [result(0, null, 'a'), result(1, 'a', 'b'), result(2, 'b', null)])).toBeNull();
});

test('the first start that shows other pictures is unsafe', () => {
  expect(firstUnsafe(segments, [result(0, null, 'a'), result(1, 'x', 'b'), result(2, 'b', null)])).toBe(1);
});

test('a segment that failed to decode is unsafe, also before its neighbour is done', () => {
  expect(firstUnsafe(segments, [undefined, 'unsafe', undefined])).toBe(1);
});

test('nothing is said about a segment while the one before it is not done', () => {
  expect(firstUnsafe(segments, [undefined, result(1, 'x', 'b'), undefined])).toBeNull();
});
