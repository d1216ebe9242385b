import { digestOf } from '../../digest.js';
import { sampleTimeS } from '../../domain/sample-plan.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import { allSettled } from '../all-settled.js';
import type { Classified, DetectorFamily } from '../detector.js';
import { EDGE_ANALYSER, EDGES, inTurns, sampleEdges, type SampleEdges } from '../overlay/sample-edges.js';
import { findInsets, LEAST_SAMPLES, type FoundInset } from './find-insets.js';

/** To be raised with every change of what is found: it is part of the digest. */
const VERSION = '1';
const NAME = 'inset';
/** Who leaves edge maps: with the scene `logo` asked for too, they are there already. */
const MAKERS = [NAME, 'overlay'];

/** Pictures in the picture: rectangles that stay where they are while it moves inside and around them. */
export const inset: DetectorFamily = {
  name: NAME,
  scenes: ['live'],
  infos: (scenes) => Promise.resolve(scenes.includes('live') ? [INFO] : []),
  create: ({ pool }) =>
    Promise.resolve({
      name: NAME,
      // As the detector `overlay`, which makes the same maps.
      costMs: 5,
      async detect(batch, { scenes }, signal) {
        if (!scenes.includes('live') || scenes.includes('logo')) return [];
        const running = batch.map(async (frame): Promise<Observation> => {
          const text = await pool.look(EDGE_ANALYSER, frame, null, signal);
          return { detector: NAME, sample: frame.sample, class: EDGES, score: 1, text };
        });
        return allSettled(running);
      },
      async conclude(classified, { scenes }, signal) {
        if (!scenes.includes('live')) return [];
        const seen = sampleEdges(classified.observations, MAKERS);
        const found = await inTurns(findInsets(seen.map(({ map }) => map)), signal);
        return found.map((one) => said(one, seen, classified));
      },
    }),
};

const INFO: DetectorInfo = {
  name: NAME,
  version: VERSION,
  digest: digestOf(`${NAME} ${VERSION}`),
  scene: 'live',
  atMost: 'review',
  concludes: true,
  sees:
    `Pictures in the picture: rectangles of an eighth to three quarters of its sides that stay in one place for at least ${LEAST_SAMPLES} samples while it moves inside ` +
    'and around them; not those without a clear border, before a picture that stands still, or at its edge, no split screens, and nothing in single images.',
};

function said(
  { box, first, last, clearest, score }: FoundInset,
  seen: readonly SampleEdges[],
  classified: Classified,
): Observation {
  const { plan, video } = classified;
  const sampleAt = (index: number): number => seen[index]?.sample ?? 0;
  const timeS = (index: number): number => sampleTimeS(plan, video.timeBase, sampleAt(index));
  const { width = 1, height = 1 } = seen[clearest]?.map ?? {};
  // A border is in the middle of its cell.
  const [left, top] = [(box.left + 0.5) / width, (box.top + 0.5) / height];
  const [right, bottom] = [(box.right - 0.5) / width, (box.bottom - 0.5) / height];
  return {
    detector: NAME,
    sample: sampleAt(clearest),
    class: 'PIP',
    score: rounded(score),
    box: { x: rounded(left), y: rounded(top), width: rounded(right - left), height: rounded(bottom - top) },
    span: { startS: timeS(first), endS: timeS(last) },
  };
}

/** Six decimals, as all numbers of observations. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
