import type { BlockFrame } from '../schema/verdict.js';

/** Frames kept for one task. */
export const MAX_EVIDENCE_FRAMES = 24;
/** Clips kept for one task. */
export const MAX_CLIPS = 3;
/** Length of one clip, in seconds. */
export const MAX_CLIP_S = 60;

/** What is shown before the first and after the last frame in question, in seconds. */
export const CONTEXT_S = 3;
/** Frames further apart than this, in seconds, are different scenes to a viewer. */
const SAME_SPAN_S = 15;

/** A stretch of video that a reviewer has to see; seconds from the first frame. */
export interface DisputedSpan {
  /** First sample in question. */
  sample: number;
  startS: number;
  endS: number;
}

/** The frames that show best what a verdict rests on: the highest rates, in the order of the video. */
export function chooseFrames(frames: readonly BlockFrame[]): BlockFrame[] {
  const perSample = [
    ...new Map(
      [...frames]
        .sort(byRate)
        .reverse()
        .map((frame) => [frame.sample, frame]),
    ).values(),
  ];
  return perSample
    .sort(byRate)
    .slice(0, MAX_EVIDENCE_FRAMES)
    .sort((a, b) => a.timeS - b.timeS);
}

/** The disputed spans with the highest rates, in the order of the video; a span longer than a clip is shown around its highest rate. */
export function chooseSpans(frames: readonly BlockFrame[], durationS: number): DisputedSpan[] {
  return groupFrames(frames)
    .sort((a, b) => b.peak.rate - a.peak.rate || a.peak.timeS - b.peak.timeS)
    .slice(0, MAX_CLIPS)
    .map(({ group, peak }) => spanOf(group, peak, durationS))
    .sort((a, b) => a.startS - b.startS);
}

/** Frames that lie so close that a viewer takes them for one scene, in the order of the video, each group with the frame of its highest rate. */
export function groupFrames(frames: readonly BlockFrame[]): { group: BlockFrame[]; peak: BlockFrame }[] {
  const groups: BlockFrame[][] = [];
  for (const frame of [...frames].sort((a, b) => a.timeS - b.timeS)) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    if (group === undefined || previous === undefined || frame.timeS - previous.timeS > SAME_SPAN_S)
      groups.push([frame]);
    else group.push(frame);
  }
  return groups.map((group) => ({ group, peak: group.reduce((a, b) => (b.rate > a.rate ? b : a)) }));
}

function spanOf(group: readonly BlockFrame[], peak: BlockFrame, durationS: number): DisputedSpan {
  const first = group[0] ?? peak;
  const last = group.at(-1) ?? peak;
  const startS = Math.max(0, first.timeS - CONTEXT_S);
  const endS = Math.min(durationS, last.timeS + CONTEXT_S);
  if (endS - startS <= MAX_CLIP_S) return { sample: first.sample, startS, endS };
  const around = Math.min(Math.max(startS, peak.timeS - MAX_CLIP_S / 2), endS - MAX_CLIP_S);
  const inside = group.find(({ timeS }) => timeS >= around) ?? first;
  return { sample: inside.sample, startS: around, endS: around + MAX_CLIP_S };
}

function byRate(a: BlockFrame, b: BlockFrame): number {
  return b.rate - a.rate || a.sample - b.sample;
}
