/** Forms that wheels, windows, lamps and road signs have: whether a point of a square from −1 to 1 lies in each. */
export const PLAIN_FORMS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => x * x + y * y < 1,
  (x, y) => Math.abs(x) < 1 && Math.abs(y) < 1,
  (x, y) => Math.abs(x) + Math.abs(y) < 1,
  (x, y) => y < 1 && y > 2 * Math.abs(x) - 1,
  (x, y) => y > -1 && y < 1 - 2 * Math.abs(x),
];
