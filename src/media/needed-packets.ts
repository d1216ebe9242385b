import { firstSampleAt } from '../domain/sample-plan.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import type { PacketKind } from './nal-units.js';
import type { PacketTable } from './packet-table.js';

/** Pictures of one segment that have to come out of the decoder, by their presentation timestamps. */
export interface WantedPictures {
  /** That on screen at each sample from the first one wanted on. */
  shown: number[];
  /** Those, and the ones that prove the seek points. */
  wanted: Set<number>;
}

/**
 * Pictures that a segment has to show: for each sample the last with pts ≤ t, else the first; and `digestPictures` each from the segment's own start
 * and from that of the next.
 */
export function wantedPictures(
  { timeBase, firstPts }: Pick<VideoInfo, 'timeBase' | 'firstPts'>,
  plan: SamplePlan,
  segment: Segment,
  from: number,
  { shown: pictures }: Pick<PacketTable, 'shown'>,
  digestPictures: number,
): WantedPictures {
  const first = indexFrom(pictures, firstPts + (segment.startPts ?? 0));
  const shown: number[] = [];
  let next = first + 1;
  for (let sample = from; sample < segment.to; sample++) {
    while (next < pictures.length && firstSampleAt(plan, timeBase, (pictures[next] ?? 0) - firstPts) <= sample) next++;
    const picture = pictures[next - 1];
    if (picture !== undefined) shown.push(picture);
  }
  const wanted = new Set(shown);
  for (const pts of [segment.startPts, segment.nextStartPts]) {
    if (pts === null) continue;
    const start = indexFrom(pictures, firstPts + pts);
    for (const picture of pictures.slice(start, start + digestPictures)) wanted.add(picture);
  }
  return { shown, wanted };
}

/**
 * The packets that the wanted pictures depend on, themselves among them, ascending. Left out is what no picture can refer to (nal_ref_idc 0), and what
 * lies between the last wanted picture before an IDR picture and that picture: an IDR picture ends all references (ITU-T H.264, 7.4.1.2.4).
 */
export function neededPackets(kinds: readonly PacketKind[], isWanted: (index: number) => boolean): number[] {
  const needed: number[] = [];
  let isReferred = false;
  for (let index = kinds.length - 1; index >= 0; index--) {
    const kind = kinds[index];
    if (kind === undefined) continue;
    const isAsked = isWanted(index) || kind.isPinned;
    if (isAsked || (isReferred && kind.isReference)) needed.push(index);
    isReferred = (isReferred || isAsked) && !kind.isIdr;
  }
  return needed.reverse();
}

/** Index of the first number that is not below another; the numbers ascend. */
function indexFrom(numbers: readonly number[], least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
