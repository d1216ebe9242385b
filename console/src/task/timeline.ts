import type { ClipView, DisputedSpan, FrameView } from '../../../src/schema/console/task.js';

/** Maps seconds of a video to places on a line and back. */
export interface Scale {
  widthPx: number;
  durationS: number;
}

/** Place of an instant, in pixels, 0 to the width. */
export const placeOf = ({ widthPx, durationS }: Scale, timeS: number): number =>
  durationS <= 0 ? 0 : (Math.min(Math.max(timeS, 0), durationS) / durationS) * widthPx;

/** Instant at a place, in seconds, 0 to the duration. */
export const instantAt = ({ widthPx, durationS }: Scale, placePx: number): number =>
  widthPx <= 0 ? 0 : (Math.min(Math.max(placePx, 0), widthPx) / widthPx) * durationS;

/** Index of the clip that shows an instant, the one that begins last where several do; `null`: none does. */
export function clipAt(clips: ClipView[], timeS: number): number | null {
  let found: number | null = null;
  clips.forEach((clip, index) => {
    if (clip.path === null || timeS < clip.startS || timeS > clip.endS) return;
    const best = found === null ? undefined : clips[found];
    if (best === undefined || clip.startS > best.startS) found = index;
  });
  return found;
}

/** The frame nearest to an instant; `null` where there are none. */
export function frameAt(frames: FrameView[], timeS: number): FrameView | null {
  let nearest: FrameView | null = null;
  for (const frame of frames) {
    if (nearest === null || Math.abs(frame.timeS - timeS) < Math.abs(nearest.timeS - timeS)) nearest = frame;
  }
  return nearest;
}

/** The disputed stretch before (−1) or after (1) an instant, around the ends; `null` where there are none. */
export function neighbourSpan(spans: DisputedSpan[], timeS: number, step: -1 | 1): DisputedSpan | null {
  const ordered = spans.toSorted((one, two) => one.startS - two.startS);
  const near = 0.05;
  if (step === 1) return ordered.find(({ startS }) => startS > timeS + near) ?? ordered[0] ?? null;
  return ordered.findLast(({ startS }) => startS < timeS - near) ?? ordered.at(-1) ?? null;
}

type Point = readonly [timeS: number, score: number];

/** Score of a curve at an instant: that of the last sample at or before it; `null` before the first. */
export function scoreAt(points: readonly Point[], timeS: number): number | null {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? Infinity) <= timeS) low = middle + 1;
    else high = middle;
  }
  return points[low - 1]?.[1] ?? null;
}

/**
 * A curve as the `d` of an SVG path in a box of `widthPx` × `heightPx`, 1 at the top. Of points that share a pixel the highest stands: a peak
 * is never lost, however long the video.
 */
export function curvePath(points: readonly Point[], scale: Scale, heightPx: number): string {
  const columns = new Map<number, number>();
  for (const [timeS, score] of points) {
    const column = Math.round(placeOf(scale, timeS));
    columns.set(column, Math.max(columns.get(column) ?? 0, score));
  }
  return [...columns]
    .map(([x, score], index) => `${index === 0 ? 'M' : 'L'}${x} ${((1 - score) * heightPx).toFixed(1)}`)
    .join('');
}

/** Seconds between marks so that a line of this width has about one every 90 pixels. */
export function tickStep({ widthPx, durationS }: Scale): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
  const wanted = durationS / Math.max(1, widthPx / 90);
  return steps.find((step) => step >= wanted) ?? 28_800;
}
