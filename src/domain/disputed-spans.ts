import type { DisputedSpan } from '../schema/console/task.js';
import type { TimeSpan } from '../schema/observation.js';
import { SCENES } from '../schema/scene.js';
import type { BlockFrame } from '../schema/verdict.js';
import { CONTEXT_S, groupFrames } from './choose-evidence.js';

/**
 * What is to be looked at first: the stretches of each scene that the frames in question make, the highest rate first. Each names the clip that shows
 * most of it.
 */
export function disputedSpans(
  frames: readonly BlockFrame[],
  durationS: number,
  clips: readonly TimeSpan[],
): DisputedSpan[] {
  return SCENES.flatMap((scene) =>
    groupFrames(frames.filter((frame) => frame.scene === scene)).map(({ group, peak }) => {
      const startS = Math.max(0, (group[0] ?? peak).timeS - CONTEXT_S);
      const endS = Math.min(durationS, (group.at(-1) ?? peak).timeS + CONTEXT_S);
      return { scene, startS, endS, rate: peak.rate, clip: clipOf({ startS, endS }, clips) };
    }),
  ).sort((a, b) => b.rate - a.rate || a.startS - b.startS || SCENES.indexOf(a.scene) - SCENES.indexOf(b.scene));
}

function clipOf({ startS, endS }: TimeSpan, clips: readonly TimeSpan[]): number | null {
  const shown = clips.map((clip) => Math.min(endS, clip.endS) - Math.max(startS, clip.startS));
  const most = Math.max(0, ...shown);
  return most > 0 ? shown.indexOf(most) : null;
}
