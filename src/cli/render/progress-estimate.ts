/** How many samples of a video were done at an instant. */
export interface ProgressPoint {
  /** Milliseconds on any clock that only goes forward. */
  atMs: number;
  /** Samples done. */
  done: number;
}

/** How fast it goes, and how long it will take if it goes on so; `null` while that is not known. */
export interface Estimate {
  /** Samples a second, > 0. */
  perSecond: number | null;
  /** Seconds left, ≥ 0. */
  leftS: number | null;
}

/** Milliseconds that are looked back on: segments end, and report, every few seconds. */
const WINDOW_MS = 20_000;
/** Milliseconds before which a speed is chance. */
const SETTLED_MS = 500;

/**
 * The points with one more, less those too old to matter; one of them older than the window stays, so that the window is covered in full.
 * A count that falls (an attempt that was lost, another phase) begins anew.
 */
export function addPoint(points: readonly ProgressPoint[], point: ProgressPoint): ProgressPoint[] {
  const last = points.at(-1);
  if (last === undefined || point.done < last.done) return [point];
  if (point.done === last.done) return [...points];
  const firstWithin = points.findIndex(({ atMs }) => point.atMs - atMs < WINDOW_MS);
  return [...points.slice(Math.max(0, firstWithin === -1 ? points.length - 1 : firstWithin - 1)), point];
}

/** What the points say at `nowMs`: a standstill counts, so that the speed falls and the time left grows while nothing comes. */
export function estimate(points: readonly ProgressPoint[], total: number, nowMs: number): Estimate {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.done === first.done) return { perSecond: null, leftS: null };
  const stretchMs = nowMs - first.atMs;
  if (stretchMs < SETTLED_MS) return { perSecond: null, leftS: null };
  const perSecond = ((last.done - first.done) * 1000) / stretchMs;
  return { perSecond, leftS: Math.max(0, total - last.done) / perSecond };
}
