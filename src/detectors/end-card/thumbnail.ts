import type { Look } from '../analysers.js';
import { smallLuma } from '../overlay/small-luma.js';

/** Fields of the thumbnail: each but the last of a row is compared with the one to its right, which gives 8 × 8 bits. */
const COLUMNS = 9;
const ROWS = 8;
/** Places within a field, across and down, that its brightness is the mean of. */
const ACROSS = 3;
const DOWN = 4;
/** Levels of 255 that a field must be brighter by: plain areas are noise once they are compressed. */
const MIN_STEP = 2;

/** A thumbnail: 64 bits as 16 hexadecimal digits, `null` of a picture that is too small for one. Answers in a tenth of a millisecond. */
export function loadThumbnail(): Look<'thumbnail'> {
  return (picture) => {
    const [width, height] = [COLUMNS * ACROSS, ROWS * DOWN];
    if (picture.widthPx < width || picture.heightPx < height) return Promise.resolve(null);
    const { levels } = smallLuma(picture, width, height);
    const means = new Float64Array(COLUMNS * ROWS);
    levels.forEach((level, index) => {
      const field = Math.floor((index % width) / ACROSS) + COLUMNS * Math.floor(index / width / DOWN);
      means[field] = (means[field] ?? 0) + level / (ACROSS * DOWN);
    });
    return Promise.resolve(bitsOf(means));
  };
}

/** The gradient hash of Krawetz (dHash), with a step that noise does not reach. */
function bitsOf(means: Float64Array): string {
  let digits = '';
  for (let y = 0; y < ROWS; y++) {
    let row = 0;
    for (let x = 0; x < COLUMNS - 1; x++) {
      const at = y * COLUMNS + x;
      row = row * 2 + ((means[at] ?? 0) > (means[at + 1] ?? 0) + MIN_STEP ? 1 : 0);
    }
    digits += row.toString(16).padStart(2, '0');
  }
  return digits;
}

/** Bits in which two thumbnails differ, 0–64. */
export function thumbnailDistance(a: string, b: string): number {
  return bitsSet(part(a, 0) ^ part(b, 0)) + bitsSet(part(a, 8) ^ part(b, 8));
}

function part(thumbnail: string, from: number): number {
  return Number.parseInt(thumbnail.slice(from, from + 8), 16) | 0;
}

function bitsSet(value: number): number {
  let rest = value - ((value >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
