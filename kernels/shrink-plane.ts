// In AssemblyScript, a TypeScript that becomes WebAssembly: `node scripts/kernels-build.mjs` compiles it.

/** Positions along each side of the result. */
const CROP: i32 = 224;
/** Sums down have 16 bits; less this much they are signed, as the dot product takes them. */
const LESS: i32 = 1 << 15;
/** By so much all sums are short then: weights across add up to 2^14. */
const SHORT: i32 = LESS << 14;

/**
 * Makes the rows [from, to) of the result from a plane of 8-bit pixels, by exact sums of weighted pixels: down first, of the columns [first, end), and then across.
 * `down` and `across` are windows: the first row or column of each position, 32 bits, and behind them all, position by position, the weights, `taps` of 16 bits each;
 * across a multiple of 8. `plane`, `sums` and `out` are places in memory as well. Up to 15 bytes behind a row are read, and sums behind the last column; they count nothing.
 */
export function shrink(
  plane: usize,
  rowBytes: i32,
  first: i32,
  end: i32,
  down: usize,
  tapsDown: i32,
  across: usize,
  tapsAcross: i32,
  sums: usize,
  out: usize,
  from: i32,
  to: i32,
): void {
  for (let y = from; y < to; y++) {
    const row = plane + load<i32>(down + (y << 2)) * rowBytes;
    sumRows(row, rowBytes, first, end, down + ((2 * CROP + y * tapsDown) << 1), tapsDown, sums);
    let weights = across + (CROP << 2);
    let at = out + ((y * CROP) << 2);
    for (let x = 0; x < CROP; x++, at += 4) {
      let column = sums + (load<i32>(across + (x << 2)) << 1);
      let sum = i32x4.splat(0);
      for (let stop = weights + (tapsAcross << 1); weights < stop; weights += 16, column += 16)
        sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(column), v128.load(weights)));
      sum = i32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
      store<i32>(at, i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + SHORT);
    }
  }
}

/** The rows of one window, sixteen pixels at a time. */
function sumRows(row: usize, rowBytes: i32, first: i32, end: i32, weights: usize, taps: i32, sums: usize): void {
  const stop = weights + (taps << 1);
  for (let x = first; x < end; x += 16) {
    let at = row + x;
    let low = i16x8.splat(<i16>LESS);
    let high = low;
    for (let weight = weights; weight < stop; weight += 2, at += rowBytes) {
      const pixels = v128.load(at);
      const by = v128.load_splat<i16>(weight);
      low = i16x8.add(low, i16x8.mul(i16x8.extend_low_i8x16_u(pixels), by));
      high = i16x8.add(high, i16x8.mul(i16x8.extend_high_i8x16_u(pixels), by));
    }
    v128.store(sums + (x << 1), low);
    v128.store(sums + (x << 1), high, 16);
  }
}
