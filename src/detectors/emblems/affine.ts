/** Maps (x, y) to (a x + c y + e, b x + d y + f). */
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

/** First `inner`, then `outer`. */
export function compose(outer: Affine, inner: Affine): Affine {
  return {
    a: outer.a * inner.a + outer.c * inner.b,
    b: outer.b * inner.a + outer.d * inner.b,
    c: outer.a * inner.c + outer.c * inner.d,
    d: outer.b * inner.c + outer.d * inner.d,
    e: outer.a * inner.e + outer.c * inner.f + outer.e,
    f: outer.b * inner.e + outer.d * inner.f + outer.f,
  };
}

/** The way back; of one that flattens everything, numbers that are not finite. */
export function inverse({ a, b, c, d, e, f }: Affine): Affine {
  const det = a * d - b * c;
  return {
    a: d / det,
    b: -b / det,
    c: -c / det,
    d: a / det,
    e: (c * f - d * e) / det,
    f: (b * e - a * f) / det,
  };
}

export function rotation(radians: number): Affine {
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 };
}

/** Greatest and least factor by which it stretches lengths. */
export function stretches({ a, b, c, d }: Affine): { most: number; least: number } {
  const sum = a * a + b * b + c * c + d * d;
  const det = a * d - b * c;
  const spread = Math.sqrt(Math.max(0, sum * sum - 4 * det * det));
  return { most: Math.sqrt((sum + spread) / 2), least: Math.sqrt(Math.max(0, (sum - spread) / 2)) };
}
