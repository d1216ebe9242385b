import type { WatchedPictures } from '../../schema/watched.js';
import { runsOf, type Stretch } from './stretch.js';

/**
 * Width of the sharpest edges, in pixels of a picture of 640, from which it is blurred. Benign clips reach 6.0 at single instants (a bird that turns its head)
 * and 4.8 typically; blurred by a Gaussian of 8 pixels they come to 7.3 and more typically, and to 6.4 at least.
 */
const BLURRED_FROM = 6;
/** Instants on either side whose median counts: what has hardly an edge left is measured with much scatter. */
const AROUND = 1;

/** Stretches in which not even the sharpest part of the picture is sharp. */
export function blurredStretches({ timesS, blur }: WatchedPictures): Stretch[] {
  const measured = blur.filter(({ width }) => width > 0);
  const typical = measured.map((_, index) =>
    median(measured.slice(Math.max(0, index - AROUND), index + AROUND + 1).map(({ width }) => width)),
  );
  return runsOf(typical.length, (index) => (typical[index] ?? 0) >= BLURRED_FROM).map(({ first, last }) => {
    // To both ends of the segment, so that what goes on in its neighbours meets.
    const startS = first === 0 ? (timesS[0] ?? 0) : (measured[first]?.timeS ?? 0);
    const endS = measured[last + 1]?.timeS ?? timesS.at(-1) ?? startS;
    return { kind: 'blurred', startS, endS, share: 1, turns: 0 };
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
