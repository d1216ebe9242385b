import type { Segment } from '../schema/plan.js';
import type { SegmentResult } from '../schema/observation.js';

/** What is known of a segment: its result, that decoding it reported errors, or nothing yet. */
export type SegmentOutcome = SegmentResult | 'unsafe' | undefined;

/**
 * The first segment proven unsafe, or null. A seek point is safe when the pictures decoded from it equal those that the segment before it saw there;
 * that one is safe by the same rule, back to the first, which is decoded from the beginning.
 */
export function firstUnsafe(segments: readonly Segment[], outcomes: readonly SegmentOutcome[]): number | null {
  for (const { index } of segments) {
    const [before, here] = [outcomes[index - 1], outcomes[index]];
    if (here === 'unsafe') return index;
    if (index === 0 || before === undefined || here === undefined || before === 'unsafe') continue;
    if (here.startDigest !== before.nextDigest) return index;
  }
  return null;
}

/** Results of the segments in front, as far as all of them are there and the seek point of each is proven by the one before it. */
export function provenResults(segments: readonly Segment[], outcomes: readonly SegmentOutcome[]): SegmentResult[] {
  const unsafe = firstUnsafe(segments, outcomes) ?? segments.length;
  const proven: SegmentResult[] = [];
  for (const outcome of outcomes.slice(0, unsafe)) {
    if (outcome === undefined || outcome === 'unsafe') break;
    proven.push(outcome);
  }
  return proven;
}
