/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction */
import { SIDE } from './tent.js';

/** Frequencies along each axis, the lowest but one first: the mean brightness is left out. */
const FREQUENCIES = 16;

/** Row f holds the cosine of frequency f + 1 at each of SIDE positions. */
const COSINES = Float64Array.from({ length: FREQUENCIES * SIDE }, (_, index) => {
  const frequency = Math.floor(index / SIDE) + 1;
  return Math.sqrt(2 / SIDE) * Math.cos((Math.PI / 2 / SIDE) * frequency * (2 * (index % SIDE) + 1));
});

const half = new Float64Array(FREQUENCIES * SIDE);

/** FREQUENCIES × FREQUENCIES coefficients of the cosine transform of SIDE × SIDE values; rows are vertical frequencies. */
export function cosineTransform(values: Float64Array): Float64Array {
  half.fill(0);
  for (let row = 0; row < FREQUENCIES; row++) {
    for (let position = 0; position < SIDE; position++) {
      const cosine = COSINES[row * SIDE + position]!;
      for (let column = 0; column < SIDE; column++)
        half[row * SIDE + column]! += cosine * values[position * SIDE + column]!;
    }
  }
  const coefficients = new Float64Array(FREQUENCIES * FREQUENCIES);
  for (let row = 0; row < FREQUENCIES; row++) {
    for (let column = 0; column < FREQUENCIES; column++) {
      let sum = 0;
      for (let position = 0; position < SIDE; position++)
        sum += half[row * SIDE + position]! * COSINES[column * SIDE + position]!;
      coefficients[row * FREQUENCIES + column] = sum;
    }
  }
  return coefficients;
}
