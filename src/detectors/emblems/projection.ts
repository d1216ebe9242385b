import type { Affine } from './affine.js';

/** Maps (x, y) to ((a x + c y + e) / w, (b x + d y + f) / w), where w = g x + h y + 1: what a flat thing becomes in a picture. */
export interface Projection extends Affine {
  g: number;
  h: number;
}

export function projected({ a, b, c, d, e, f, g, h }: Projection, x: number, y: number): { x: number; y: number } {
  const w = g * x + h * y + 1;
  return { x: (a * x + c * y + e) / w, y: (b * x + d * y + f) / w };
}

/** First `inner`, then `outer`. */
export function chained(outer: Projection, inner: Projection): Projection {
  const w = outer.g * inner.e + outer.h * inner.f + 1;
  const x = (at: number, along: number, by: number): number => (outer.a * at + outer.c * along + outer.e * by) / w;
  const y = (at: number, along: number, by: number): number => (outer.b * at + outer.d * along + outer.f * by) / w;
  return {
    a: x(inner.a, inner.b, inner.g),
    b: y(inner.a, inner.b, inner.g),
    c: x(inner.c, inner.d, inner.h),
    d: y(inner.c, inner.d, inner.h),
    e: x(inner.e, inner.f, 1),
    f: y(inner.e, inner.f, 1),
    g: (outer.g * inner.a + outer.h * inner.b + inner.g) / w,
    h: (outer.g * inner.c + outer.h * inner.d + inner.h) / w,
  };
}

/** The way back; of one that flattens everything, numbers that are not finite. */
export function back({ a, b, c, d, e, f, g, h }: Projection): Projection {
  const w = a * d - b * c;
  return {
    a: (d - f * h) / w,
    b: (f * g - b) / w,
    c: (e * h - c) / w,
    d: (a - e * g) / w,
    e: (c * f - d * e) / w,
    f: (b * e - a * f) / w,
    g: (b * h - d * g) / w,
    h: (c * g - a * h) / w,
  };
}

/** The affine map that it is near (0, 0). */
export function nearOrigin({ a, b, c, d, e, f, g, h }: Projection): Affine {
  return { a: a - e * g, b: b - f * g, c: c - e * h, d: d - f * h, e, f };
}
