// In AssemblyScript, a TypeScript that becomes WebAssembly: `node scripts/kernels-build.mjs` compiles it.

/** Positions along each side of the result. */
const SIZE: i32 = 224;
/** Values of one row of the result. */
const ROW: i32 = SIZE * 3;
/** Where the tables of U and of V begin: four terms for each value, behind one for each value of Y. */
const OF_U: usize = 256 * 4;
const OF_V: usize = OF_U + 256 * 16;

/**
 * Makes the rows [from, to) of the result, RGB as floats of 0–1, each value from two rows and two columns of 8-bit pixels. `across` and `down` tell which: the first
 * one of each position and then the second ones, of 32 bits, and then how far it lies between the two, of 64. Of YUV, chroma planes have 1 / 2^`shift` of
 * the width and height, and `tables` holds what each value of Y, U and V adds to red, green and blue, in 1/65536; of rgb24 `shift` is −1, and of the
 * planes only the first one counts. `rows` is room for two rows, of 64 bits a value. Up to 3 bytes behind a row are read; they count nothing.
 */
export function bilinear(
  plane: usize,
  rowBytes: i32,
  planeU: usize,
  planeV: usize,
  chromaBytes: i32,
  shift: i32,
  across: usize,
  down: usize,
  tables: usize,
  rows: usize,
  out: usize,
  from: i32,
  to: i32,
): void {
  const lower = rows + (ROW << 3);
  for (let y = from; y < to; y++) {
    for (let side = 0; side < 2; side++) {
      const row = load<i32>(down + ((side * SIZE + y) << 2));
      const start = plane + row * rowBytes;
      const target = rows + side * (ROW << 3);
      if (shift < 0) rgbRow(start, across, target);
      else {
        const chroma = (row >> shift) * chromaBytes;
        yuvRow(start, planeU + chroma, planeV + chroma, shift, across, tables, target);
      }
    }
    const share = v128.load64_splat(down + (SIZE << 3) + (y << 3));
    let at = out + ((y * ROW) << 2);
    for (let value = rows; value < lower; value += 16, at += 8) {
      const above = v128.load(value);
      const between = f64x2.mul(f64x2.sub(v128.load(value + (ROW << 3)), above), share);
      const level = f64x2.div(f64x2.add(above, between), f64x2.splat(255));
      v128.store64_lane(at, f32x4.demote_f64x2_zero(level), 0);
    }
  }
}

function yuvRow(y: usize, u: usize, v: usize, shift: i32, across: usize, tables: usize, out: usize): void {
  const shares = across + (SIZE << 3);
  for (let x = 0; x < SIZE; x++, out += 24) {
    const left = load<i32>(across + (x << 2));
    const right = load<i32>(across + ((SIZE + x) << 2));
    blend(
      converted(y + left, u + (left >> shift), v + (left >> shift), tables),
      converted(y + right, u + (right >> shift), v + (right >> shift), tables),
      v128.load64_splat(shares + (x << 3)),
      out,
    );
  }
}

function rgbRow(row: usize, across: usize, out: usize): void {
  const shares = across + (SIZE << 3);
  for (let x = 0; x < SIZE; x++, out += 24) {
    const left = load<i32>(across + (x << 2));
    const right = load<i32>(across + ((SIZE + x) << 2));
    blend(pixel(row + 3 * left), pixel(row + 3 * right), v128.load64_splat(shares + (x << 3)), out);
  }
}

/** Red, green and blue of a pixel of rgb24. */
function pixel(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/** Red, green and blue of a pixel of YUV. */
function converted(y: usize, u: usize, v: usize, tables: usize): v128 {
  const light = v128.load32_splat(tables + ((<usize>load<u8>(y)) << 2));
  const ofU = v128.load(tables + OF_U + ((<usize>load<u8>(u)) << 4));
  const ofV = v128.load(tables + OF_V + ((<usize>load<u8>(v)) << 4));
  const level = i32x4.shr_s(i32x4.add(i32x4.add(light, ofU), ofV), 16);
  return i32x4.max_s(i32x4.min_s(level, i32x4.splat(255)), i32x4.splat(0));
}

/** Writes the three values that lie between those of two pixels. */
function blend(left: v128, right: v128, share: v128, out: usize): void {
  const step = i32x4.sub(right, left);
  const blue = v128.shuffle<i32>(left, left, 2, 3, 0, 1);
  const blueStep = v128.shuffle<i32>(step, step, 2, 3, 0, 1);
  v128.store(out, f64x2.add(f64x2.convert_low_i32x4_s(left), f64x2.mul(f64x2.convert_low_i32x4_s(step), share)));
  const last = f64x2.add(f64x2.convert_low_i32x4_s(blue), f64x2.mul(f64x2.convert_low_i32x4_s(blueStep), share));
  v128.store64_lane(out, last, 0, 16);
}
