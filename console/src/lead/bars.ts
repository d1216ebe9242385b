/** Round numbers for the axis of a chart, from 0 to at least the highest value; at most six. */
export function axisMarks(highest: number): number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, index) => index * step);
}

/** Every day from one to another, both included, as `YYYY-MM-DD`; at most 400. */
export function daysBetween(from: string, to: string): string[] {
  const first = Date.parse(from.slice(0, 10));
  const count = Math.round((Date.parse(to.slice(0, 10)) - first) / 86_400_000) + 1;
  return Array.from({ length: Math.min(400, Math.max(0, count)) }, (_, index) =>
    new Date(first + index * 86_400_000).toISOString().slice(0, 10),
  );
}
