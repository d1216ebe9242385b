/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction */
/** The inverse of a square matrix by rows; undefined when there is none. */
export function invert(matrix: Float64Array, size: number): Float64Array | undefined {
  const left = Float64Array.from(matrix);
  const right = Float64Array.from(matrix, (_, at) => (Math.floor(at / size) === at % size ? 1 : 0));
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++)
      if (Math.abs(left[row * size + column]!) > Math.abs(left[pivot * size + column]!)) pivot = row;
    const head = left[pivot * size + column]!;
    if (Math.abs(head) < 1e-9) return undefined;
    for (let at = 0; at < size; at++) {
      for (const side of [left, right]) {
        const swapped = side[pivot * size + at]!;
        side[pivot * size + at] = side[column * size + at]!;
        side[column * size + at] = swapped / head;
      }
    }
    for (let row = 0; row < size; row++) {
      const factor = left[row * size + column]!;
      if (row === column || factor === 0) continue;
      for (let at = 0; at < size; at++) {
        left[row * size + at]! -= factor * left[column * size + at]!;
        right[row * size + at]! -= factor * right[column * size + at]!;
      }
    }
  }
  return right;
}
