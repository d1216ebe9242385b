/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, in the innermost loops */
import type { Affine } from './affine.js';
import type { Region } from './regions.js';

/** Where a region is looked at, in units of its own extent along each axis: a disc ends at 2, a star beyond. */
const RADII = [0.35, 0.7, 1.05, 1.4, 1.75, 2.1, 2.45];
const ANGLES = 32;
const HARMONICS = 8;

/** Numbers in a descriptor. */
export const DESCRIPTOR_LENGTH = RADII.length * HARMONICS;

/** The form of a region, apart from where it is, how large, how wide and how it is turned. */
export interface Shape {
  /** Equal for equal forms, however they are turned. */
  descriptor: Float32Array;
  /** 1 where the region is, on each circle; what `turns` compares. */
  rings: Float32Array;
}

const CIRCLES = RADII.flatMap((radius) =>
  Array.from({ length: ANGLES }, (_, step) => {
    const angle = (2 * Math.PI * step) / ANGLES;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  }),
).flat();
const COSINES = Float32Array.from({ length: ANGLES }, (_, step) => Math.cos((2 * Math.PI * step) / ANGLES));
const SINES = Float32Array.from({ length: ANGLES }, (_, step) => Math.sin((2 * Math.PI * step) / ANGLES));

/** From the unit circle's plane to the pixels of the region: the square root of its second moments, so that all affine images of a form look alike. */
export function planeOf({ x, y, xx, xy, yy }: Region): Affine {
  const root = Math.sqrt(Math.max(0, xx * yy - xy * xy));
  const scale = Math.sqrt(xx + yy + 2 * root);
  return { a: (xx + root) / scale, b: xy / scale, c: xy / scale, d: (yy + root) / scale, e: x + 0.5, f: y + 0.5 };
}

export function shapeOf(region: Region, labels: Int32Array, widthPx: number, heightPx: number): Shape {
  const { a, b, c, d, e, f } = planeOf(region);
  const rings = new Float32Array(RADII.length * ANGLES);
  for (let at = 0; at < rings.length; at++) {
    const [u, v] = [CIRCLES[2 * at]!, CIRCLES[2 * at + 1]!];
    const x = Math.floor(a * u + c * v + e);
    const y = Math.floor(b * u + d * v + f);
    if (x >= 0 && y >= 0 && x < widthPx && y < heightPx && labels[y * widthPx + x] === region.label) rings[at] = 1;
  }
  return { rings, descriptor: describe(rings) };
}

/** Strengths of the lowest harmonics along each circle: turning the region does not change them. */
function describe(rings: Float32Array): Float32Array {
  const descriptor = new Float32Array(DESCRIPTOR_LENGTH);
  for (let ring = 0; ring < RADII.length; ring++) {
    for (let harmonic = 0; harmonic < HARMONICS; harmonic++) {
      let [real, imaginary] = [0, 0];
      for (let step = 0; step < ANGLES; step++) {
        if (rings[ring * ANGLES + step] === 0) continue;
        const phase = (step * harmonic) % ANGLES;
        real += COSINES[phase]!;
        imaginary += SINES[phase]!;
      }
      descriptor[ring * HARMONICS + harmonic] =
        (Math.hypot(real, imaginary) / ANGLES) * Math.sqrt(RADII[ring]!) * (harmonic === 0 ? 1 : Math.SQRT2);
    }
  }
  return descriptor;
}

/** Steps that a form which is the same all around, as a disc is, is turned by: whatever stands beside it says which of them it is. */
const ROUND_STEPS = 4;
/** Share of its points that such a form has alike in all directions. */
const ROUND = 0.97;

/** Angles, in radians, by which `from` is best turned to lie on `to`: the likeliest first, `most` of them, each a local maximum; of round forms more. */
export function turns(from: Shape, to: Shape, most: number): number[] {
  const scores = Array.from({ length: ANGLES }, (_, shift) => {
    let score = 0;
    for (let ring = 0; ring < RADII.length; ring++)
      for (let step = 0; step < ANGLES; step++)
        if (from.rings[ring * ANGLES + step] === to.rings[ring * ANGLES + ((step + shift) % ANGLES)])
          score += RADII[ring]!;
    return score;
  });
  if (Math.min(...scores) > Math.max(...scores) * ROUND)
    return scores.flatMap((_, shift) => (shift % ROUND_STEPS === 0 ? [(2 * Math.PI * shift) / ANGLES] : []));
  return scores
    .map((score, shift) => ({ score, shift }))
    .filter(({ score, shift }) => {
      const before = scores[(shift + ANGLES - 1) % ANGLES]!;
      const after = scores[(shift + 1) % ANGLES]!;
      return score >= before && score > after;
    })
    .sort((a, b) => b.score - a.score || a.shift - b.shift)
    .slice(0, most)
    .map(({ shift }) => (2 * Math.PI * shift) / ANGLES);
}
