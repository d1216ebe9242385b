import { digestOf } from '../../digest.js';
import { sampleTimeS } from '../../domain/sample-plan.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import { allSettled } from '../all-settled.js';
import type { Classified, DetectorFamily } from '../detector.js';
import { findOverlays, LEAST_SAMPLES, type OverlaySearch } from './find-overlays.js';
import { EDGE_ANALYSER, EDGES, inTurns, sampleEdges, type SampleEdges } from './sample-edges.js';

/** To be raised with every change of what an edge is or when it counts: it is part of the digest. */
const VERSION = '1';
const NAME = 'overlay';

/** Channel logos and watermarks, whatever they show: edges that stay while the picture moves. */
export const overlay: DetectorFamily = {
  name: NAME,
  scenes: ['logo'],
  infos: (scenes) => Promise.resolve(scenes.includes('logo') ? [INFO] : []),
  create: ({ pool }) =>
    Promise.resolve({
      name: NAME,
      // Measured: 4 ms (720p) on one core, and less than 1 ms in the end.
      costMs: 5,
      async detect(batch, _run, signal) {
        const running = batch.map(async (frame): Promise<Observation> => {
          const text = await pool.look(EDGE_ANALYSER, frame, null, signal);
          return { detector: NAME, sample: frame.sample, class: EDGES, score: 1, text };
        });
        return allSettled(running);
      },
      async conclude(classified, _run, signal) {
        const seen = sampleEdges(classified.observations, [NAME]);
        const search = await inTurns(findOverlays(seen.map(({ map }) => map)), signal);
        return said(search, seen, classified);
      },
    }),
};

const INFO: DetectorInfo = {
  name: NAME,
  version: VERSION,
  digest: digestOf(`${NAME} ${VERSION}`),
  scene: 'logo',
  atMost: 'review',
  concludes: true,
  sees:
    `Marks that stay in one place of a moving picture for at least ${LEAST_SAMPLES} samples, whatever they show; ` +
    'not those that move, that are faint or tiny, or that lie over a picture that stands still, and nothing in single images.',
};

function said(
  { overlays, untold }: OverlaySearch,
  seen: readonly SampleEdges[],
  { plan, video }: Classified,
): Observation[] {
  const sampleAt = (index: number): number => seen[index]?.sample ?? 0;
  const timeS = (index: number): number => sampleTimeS(plan, video.timeBase, sampleAt(index));
  const found = overlays.map(({ box, first, last, clearest, score }): Observation => {
    const { width = 1, height = 1 } = seen[clearest]?.map ?? {};
    // An edge is in the middle of its cell, so half of the outermost ones lies outside.
    const [left, top] = [(box.left + 0.5) / width, (box.top + 0.5) / height];
    const [right, bottom] = [(box.right - 0.5) / width, (box.bottom - 0.5) / height];
    return {
      detector: NAME,
      sample: sampleAt(clearest),
      class: 'overlay',
      score: rounded(score),
      box: { x: rounded(left), y: rounded(top), width: rounded(right - left), height: rounded(bottom - top) },
      span: { startS: timeS(first), endS: timeS(last) },
    };
  });
  if (untold === 0 || seen.length === 0) return found;
  // Why nothing is found: so that silence is not taken for a clean picture.
  const kind = seen.length < LEAST_SAMPLES ? 'too-few-samples' : 'too-still';
  const span = { startS: timeS(0), endS: timeS(seen.length - 1) };
  return [...found, { detector: NAME, sample: sampleAt(0), class: kind, score: rounded(untold), span }];
}

/** Six decimals, as all numbers of observations. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
