import { createHash } from 'node:crypto';
import type { Frame } from '../schema/frame.js';

/** Codecs decode pictures in blocks at least this high: a row of each such stripe meets every one of them. */
const STRIPE_ROWS = 16;
/** Steps between the rows taken of one stripe after the other: the edges of blocks come up as well as their insides. */
const ROW_STEP = 7;
/** Hexadecimal digits kept: 64 bits tell the few pictures apart that one is ever compared with. */
const DIGITS = 16;

/**
 * A digest of the picture that is cheap enough to be taken of many frames (0.2 ms of a 720p frame in 4:4:4): one row in sixteen of each plane.
 * Equal ones tell that a picture was decoded as it was before, wherever decoding began; 16 hexadecimal digits.
 */
export function pictureDigest({ widthPx, heightPx, format, data }: Omit<Frame, 'release' | 'sample'>): string {
  const hash = createHash('sha256').update(`${format} ${widthPx}x${heightPx}`);
  const half = (px: number): number => Math.ceil(px / 2);
  const chroma =
    format === 'yuv420p'
      ? { rowBytes: half(widthPx), rows: half(heightPx), stripe: STRIPE_ROWS / 2 }
      : { rowBytes: widthPx, rows: heightPx, stripe: STRIPE_ROWS };
  const planes =
    format === 'rgb24'
      ? [{ rowBytes: 3 * widthPx, rows: heightPx, stripe: STRIPE_ROWS }]
      : [{ rowBytes: widthPx, rows: heightPx, stripe: STRIPE_ROWS }, chroma, chroma];
  let start = 0;
  for (const { rowBytes, rows, stripe } of planes) {
    for (let top = 0, index = 0; top < rows; top += stripe, index++) {
      const row = Math.min(rows - 1, top + ((index * ROW_STEP) % stripe));
      hash.update(data.subarray(start + row * rowBytes, start + (row + 1) * rowBytes));
    }
    start += rowBytes * rows;
  }
  return hash.digest('hex').slice(0, DIGITS);
}
