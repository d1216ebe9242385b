/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, in the innermost loops */
import type { Grey } from './grey.js';
import type { FeatureDetector, OpenCv } from './opencv.js';

/** Words of 32 bits in a descriptor. */
export const WORDS = 8;

/** Points of a picture that are known again by what surrounds them. */
export interface Features {
  count: number;
  x: Float32Array;
  y: Float32Array;
  /** WORDS for each point. */
  descriptors: Uint32Array;
}

/** Finds them by ORB. Not to be used by two callers at once: its memory is used again. */
export function featureFinder(cv: OpenCv, most: number): (grey: Grey) => Features {
  // Eight levels with a factor of 1.2 between them: down to 28 % of the picture's size. A FAST threshold of 10 finds corners in dark and faded frames.
  const orb: FeatureDetector = new cv.ORB(most, 1.2, 8, 15, 0, 2, 0, 31, 10);
  const none = new cv.Mat();
  return ({ widthPx, heightPx, data }) => {
    const image = new cv.Mat(heightPx, widthPx, cv.CV_8UC1);
    const points = new cv.KeyPointVector();
    const found = new cv.Mat();
    try {
      image.data.set(data);
      orb.detectAndCompute(image, none, points, found);
      const count = points.size();
      const [x, y] = [new Float32Array(count), new Float32Array(count)];
      for (let at = 0; at < count; at++) {
        const { pt } = points.get(at);
        x[at] = pt.x;
        y[at] = pt.y;
      }
      const descriptors = new Uint32Array(count * WORDS);
      if (count > 0) new Uint8Array(descriptors.buffer).set(found.data.subarray(0, count * WORDS * 4));
      return { count, x, y, descriptors };
    } finally {
      for (const native of [image, points, found]) native.delete();
    }
  };
}

/** Bits set in a word. */
function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits in which two descriptors differ; at `limit` or beyond it stops to count. */
export function bitsApart(one: Uint32Array, at: number, other: Uint32Array, from: number, limit: number): number {
  let distance = 0;
  for (let word = 0; word < WORDS && distance < limit; word++)
    distance += bitsOf(one[at + word]! ^ other[from + word]!);
  return distance;
}
