/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import { pixelReader, type Picture } from './pixels.js';

const SIZE = 224;
const ROW = SIZE * 3;

/** Where along one axis an output position lies: between `first` and `second`, `share` of the way. */
interface Taps {
  first: number;
  second: number;
  share: number;
}

/**
 * The frame as nsfwjs prepares it: values 0–1, `tf.image.resizeBilinear(…, [224, 224], alignCorners = true)`, RGB, NHWC.
 * Corners meet corners, and nothing is averaged when it shrinks: four pixels make one, so only those are read.
 */
export function bilinearAlignCorners(picture: Picture, out: Float32Array): void {
  const read = pixelReader(picture);
  const horizontal = taps(picture.widthPx);
  const columns = Int32Array.from(horizontal.flatMap(({ first, second }) => [first, second]));
  const shares = Float32Array.from(horizontal, ({ share }) => share);
  const upper = new RowOfTaps(columns, shares, read);
  const lower = new RowOfTaps(columns, shares, read);
  let at = 0;
  for (const { first, second, share } of taps(picture.heightPx)) {
    const top = upper.at(first);
    const bottom = second === first ? top : lower.at(second);
    for (let x = 0; x < ROW; x++, at++) out[at] = (top[x]! + (bottom[x]! - top[x]!) * share) / 255;
  }
}

/** One source row interpolated along its width; kept while the next output row needs it again. */
class RowOfTaps {
  #row = -1;
  readonly #pixels: Uint8Array;
  readonly #values = new Float32Array(ROW);

  constructor(
    private readonly columns: Int32Array,
    private readonly shares: Float32Array,
    private readonly read: ReturnType<typeof pixelReader>,
  ) {
    this.#pixels = new Uint8Array(columns.length * 3);
  }

  at(row: number): Float32Array {
    if (row === this.#row) return this.#values;
    this.#row = row;
    const pixels = this.#pixels;
    const values = this.#values;
    const { shares } = this;
    this.read(row, this.columns, pixels);
    for (let x = 0, at = 0, from = 0; x < SIZE; x++, at += 3, from += 6) {
      const share = shares[x]!;
      values[at] = pixels[from]! + (pixels[from + 3]! - pixels[from]!) * share;
      values[at + 1] = pixels[from + 1]! + (pixels[from + 4]! - pixels[from + 1]!) * share;
      values[at + 2] = pixels[from + 2]! + (pixels[from + 5]! - pixels[from + 2]!) * share;
    }
    return values;
  }
}

function taps(length: number): Taps[] {
  const step = (length - 1) / (SIZE - 1);
  return Array.from({ length: SIZE }, (_, index) => {
    // Floats of 32 bits, as the reference computes it: in 64 bits the last position could fall just short of the last pixel.
    const position = Math.fround(Math.fround(step) * index);
    const first = Math.min(Math.floor(position), length - 1);
    return { first, second: Math.min(length - 1, Math.ceil(position)), share: position - first };
  });
}
