/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, in the innermost loops */
import { compose, rotation, stretches, type Affine } from './affine.js';
import { touchesEdge, type FlatMark, type Hook } from './flat-mark.js';
import { shrink, type Grey } from './grey.js';
import { fit, type Contrast } from './pattern.js';
import { nearOrigin, type Projection } from './projection.js';
import { Segmenter, splitAt, type Region } from './regions.js';
import { DESCRIPTOR_LENGTH, planeOf, shapeOf, turns, type Shape } from './shape.js';

/** Where a mark was found. */
interface FlatMatch {
  /** Index of the mark. */
  mark: number;
  /** From the mark's pattern to the picture. */
  map: Projection;
  /** 0–1: how well it fits. */
  correlation: number;
  /** 0–1: how well its outlines do. */
  edges: number;
}

/** Sizes at which a picture is looked at, as shares of its own: parts of large marks are found where they run into one. */
const SHARES = [1, 0.5, 0.25];
/** Between these levels of brightness a mark stands out from its ground; a finer grid found no more. */
export const LUMA_LEVELS: readonly number[] = Array.from({ length: 15 }, (_, index) => 16 * (index + 1));
/** The same of colour, which in most of a frame is near the middle. */
export const CHROMA_LEVELS: readonly number[] = [48, 73, 93, 108, 118, 138, 148, 163, 183, 208];
/** Least pixels and side of a region whose form can be told. */
const LEAST_AREA = 40;
const LEAST_SIDE = 8;
/** Share of the picture that a part of a mark covers at most. */
const MOST_SHARE = 0.3;
/** Descriptors further apart are of other forms. */
const MOST_DISTANCE = 0.5;
/** Candidates that one region, and all of a picture, may give; the nearest ones. */
const PER_REGION = 5;
const PER_PICTURE = 1000;
/** Correlation before any alignment from which a candidate is worth aligning, and after it from which it is a match. */
const PROMISING = 0.35;
/** Longest side of the smallest mark that is believed, in pixels: smaller ones look like any blot. */
const LEAST_SIZE = 22;
/** Factor by which a mark may be wider than it is high beyond its own proportions: perspective, not another form. */
const MOST_SLANT = 1.7;

interface Candidate {
  /** Index of the size at which it was seen. */
  size: number;
  region: Region;
  shape: Shape;
  contrast: Contrast;
  mark: number;
  hook: Hook;
  distance: number;
}

/** Finds marks of two tones in pictures. */
export class FlatMatcher {
  readonly #marks: readonly FlatMark[];
  readonly #hooks: readonly { mark: number; hook: Hook }[];
  readonly #descriptors: Float32Array;

  constructor(marks: readonly FlatMark[]) {
    this.#marks = marks;
    this.#hooks = marks.flatMap(({ hooks }, mark) => hooks.map((hook) => ({ mark, hook })));
    this.#descriptors = new Float32Array(this.#hooks.length * DESCRIPTOR_LENGTH);
    this.#hooks.forEach(({ hook }, at) => {
      this.#descriptors.set(hook.shape.descriptor, at * DESCRIPTOR_LENGTH);
    });
  }

  /** The best place of each mark, where it fits at least so well; `levels`: those that may tell a mark from its ground. */
  find(picture: Grey, levels: readonly number[], leastCorrelation: number): FlatMatch[] {
    if (this.#marks.length === 0) return [];
    const longest = Math.max(picture.widthPx, picture.heightPx);
    const sizes = SHARES.map((share) => shrink(picture, Math.round(longest * share)));
    const candidates = sizes.flatMap((grey, size) => this.#candidates(grey, levels, size));
    candidates.sort((a, b) => a.distance - b.distance);
    const best = new Map<number, FlatMatch>();
    for (const candidate of candidates.slice(0, PER_PICTURE)) {
      const match = this.#verify(candidate, sizes);
      if (match === undefined || match.correlation < leastCorrelation) continue;
      if (match.correlation > (best.get(match.mark)?.correlation ?? 0)) best.set(match.mark, match);
    }
    return [...best.values()];
  }

  #candidates(grey: Grey, levels: readonly number[], size: number): Candidate[] {
    const { widthPx, heightPx } = grey;
    const segmenter = new Segmenter(widthPx, heightPx);
    const binary = new Uint8Array(widthPx * heightPx);
    const seen = new Set<string>();
    return levels.flatMap((level) => {
      const { regions, labels } = segmenter.segment(splitAt(grey, level, binary), LEAST_AREA);
      return regions.flatMap((region) => {
        if (!isLikely(region, widthPx, heightPx)) return [];
        const { left, top, right, bottom, area } = region;
        // Neighbouring levels often give the same region again.
        const key = [left, top, right, bottom, Math.round(Math.log(area) * 20)].join();
        if (seen.has(key)) return [];
        seen.add(key);
        const shape = shapeOf(region, labels, widthPx, heightPx);
        const near = this.#nearest(shape);
        if (near.length === 0) return [];
        const contrast = { level: level - 0.5, reach: reachOf(region, grey, labels, level) };
        return near.map(({ at, distance }) => ({
          ...{ size, region, shape, contrast, distance },
          ...this.#hooks[at]!,
        }));
      });
    });
  }

  /** The parts of marks that are most like this form. */
  #nearest({ descriptor }: Shape): { at: number; distance: number }[] {
    const near: { at: number; distance: number }[] = [];
    const most = MOST_DISTANCE ** 2;
    for (let at = 0, from = 0; at < this.#hooks.length; at++, from += DESCRIPTOR_LENGTH) {
      let sum = 0;
      for (let i = 0; i < DESCRIPTOR_LENGTH && sum < most; i++)
        sum += (descriptor[i]! - this.#descriptors[from + i]!) ** 2;
      if (sum < most) near.push({ at, distance: Math.sqrt(sum) });
    }
    return near.sort((a, b) => a.distance - b.distance).slice(0, PER_REGION);
  }

  #verify({ size, region, shape, contrast, mark, hook }: Candidate, sizes: readonly Grey[]): FlatMatch | undefined {
    const plane = planeOf(region);
    const { pattern, width, height } = this.#marks[mark]!;
    let best: FlatMatch | undefined;
    for (const turn of turns(hook.shape, shape, 2)) {
      const start = compose(plane, compose(rotation(turn), hook.toPlane));
      const { most, least } = stretches(start);
      const scale = SHARES[size]!;
      if (most > least * MOST_SLANT || (Math.max(width, height) * least) / scale < LEAST_SIZE) continue;
      // Where a step of the pattern covers several pixels, the picture is looked at smaller: its details would otherwise be missed or seen by chance.
      const coarser = SHARES.filter((share, index) => index > size && (least * share) / scale >= 0.9).length;
      const seenAt = size + coarser;
      const by = SHARES[seenAt]! / scale;
      const { map, ...how } = fit(pattern, sizes[seenAt]!, contrast, enlarge(start, by), PROMISING);
      const slant = stretches(nearOrigin(map));
      if (slant.most > slant.least * MOST_SLANT || how.correlation <= (best?.correlation ?? 0)) continue;
      best = { mark, ...how, map: { ...enlarge(map, 1 / SHARES[seenAt]!), g: map.g, h: map.h } };
    }
    return best;
  }
}

const enlarge = ({ a, b, c, d, e, f }: Affine, by: number): Affine => ({
  ...{ a: a * by, b: b * by, c: c * by, d: d * by },
  ...{ e: e * by, f: f * by },
});

function isLikely(region: Region, widthPx: number, heightPx: number): boolean {
  const { left, top, right, bottom, area } = region;
  if (Math.min(right - left, bottom - top) < LEAST_SIDE || area > widthPx * heightPx * MOST_SHARE) return false;
  return !touchesEdge(region, widthPx, heightPx);
}

/** How far the region's own brightness lies from the level, mostly. */
function reachOf(region: Region, { widthPx, data }: Grey, labels: Int32Array, level: number): number {
  let [sum, count] = [0, 0];
  const step = Math.max(1, Math.floor((region.bottom - region.top) / 16));
  for (let y = region.top; y < region.bottom; y += step)
    for (let at = y * widthPx + region.left; at < y * widthPx + region.right; at++)
      if (labels[at] === region.label) {
        sum += Math.abs(data[at]! - level);
        count++;
      }
  return Math.max(6, (sum / Math.max(1, count)) * 0.7);
}
