/** The source positions [start, start + shares.length) that make one output position, and the share of each; the shares' sum is 1. */
export interface Window {
  start: number;
  shares: readonly number[];
}

/** How far a filter reaches, in source positions at full size, and its height there. */
interface Filter {
  support: number;
  height: (distance: number) => number;
}

/** Pillow's filters of these names; its `bicubic` is Catmull and Rom's with a = −0.5. */
const FILTERS = {
  bilinear: { support: 1, height: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, height: (x: number) => cubic(Math.abs(x)) },
} as const satisfies Record<string, Filter>;

export type FilterName = keyof typeof FILTERS | 'nearest';

/** One length brought to another: of `resized` positions those from `offset` on, `count` of them. */
export interface Stretch {
  length: number;
  resized: number;
  offset: number;
  count: number;
}

/** What makes each output position, as `precompute_coeffs` in Pillow's Resample.c: filters widen as the picture shrinks. */
export function windowsOf({ length, resized, offset, count }: Stretch, filter: FilterName): Window[] {
  const scale = length / resized;
  if (filter === 'nearest') {
    const last = length - 1;
    return Array.from({ length: count }, (_, index) => ({
      start: Math.min(last, Math.trunc((index + offset + 0.5) * scale)),
      shares: [1],
    }));
  }
  const { support: reach, height } = FILTERS[filter];
  const widening = Math.max(scale, 1);
  const support = reach * widening;
  return Array.from({ length: count }, (_, index) => {
    const centre = (index + offset + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(length, Math.trunc(centre + support + 0.5));
    const heights = Array.from({ length: end - start }, (_unused, k) => height((k + start - centre + 0.5) / widening));
    const sum = heights.reduce((total, each) => total + each, 0);
    return { start, shares: heights.map((each) => each / sum) };
  });
}

function cubic(x: number): number {
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}
